"""Whether the addresses of the sources still lead to them: asked politely, judged with care, remembered from run to run.

Five parts, each for itself: ``web`` asks one address; ``answers`` says what an answer means; ``standing`` says what a meaning does to
what a source record says of its address; ``survey`` asks for many sources, host by host; ``report`` tells what came of it.

What a robot hears is no proof. So one failure never makes a document gone, and a host that turns robots away says nothing of
its documents. The exact rule is that of ``standing``.
"""
