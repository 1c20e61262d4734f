"""Paragraphs, first sentences, and Markdown that can smuggle nothing in."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html

from lerkb.text.prose import first_sentence, paragraphs, render_markdown

ALLOWED = {"p", "ul", "ol", "li", "em", "strong", "a", "blockquote", "code", "br"}


def test_blank_lines_part_paragraphs_and_line_ends_fold():
    assert paragraphs("one\ntwo\n\n three  four\n\n\n") == ("one two", "three four")
    assert paragraphs(" \n\n ") == ()


@given(st.text(max_size=200))
def test_paragraphs_keep_every_word_in_order(text):
    assert " ".join(paragraphs(text)).split() == text.split()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One. Two.", "One."),
        ("Is it? Yes.", "Is it?"),
        ("In the U.S. the law differs. More.", "In the U.S. the law differs."),
        ("About 4.5 people. More.", "About 4.5 people."),
        ("He said so. “Never,” she said.", "He said so."),
        ("No full stop", "No full stop"),
        ("Over\ntwo lines. More.", "Over two lines."),
        ("", ""),
    ],
)
def test_the_first_sentence_ends_where_the_next_one_begins(text, sentence):
    assert first_sentence(text) == sentence


def test_a_long_sentence_is_cut_at_a_word():
    cut = first_sentence("word, " * 60, limit=50)
    assert cut == "word, word, word, word, word, word, word, word…"
    assert len(cut) <= 50


@given(st.text(max_size=400), st.integers(2, 200))
def test_a_first_sentence_is_never_longer_than_its_limit(text, limit):
    assert len(first_sentence(text, limit)) <= limit


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("[a](https://example.org/)", '<p><a href="https://example.org/">a</a></p>'),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("a & b < c", "<p>a &amp; b &lt; c</p>"),
    ],
)
def test_plain_markdown_becomes_html(text, made):
    assert render_markdown(text) == made


def test_an_address_without_a_scheme_is_taken_from_the_site_s_root():
    made = render_markdown("[a](principles/) [b](https://example.org/) [c](#part) [d](pilots/x/#y)", "../../")
    assert 'href="../../principles/"' in made
    assert 'href="https://example.org/"' in made
    assert 'href="../../pilots/x/#y"' in made


def test_one_text_leaves_nothing_behind_for_the_next():
    render_markdown("[a]: https://example.org/one")
    assert "href" not in render_markdown("[a][a]")


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//example.org/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "![a](https://example.org/pixel.gif)",
    "![a](data:image/png;base64,AAAA)",
    "<svg onload=alert(1)>",
    "<a href='javascript:alert(1)'>a</a>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](java&#x0A;script:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a]( javascript:alert(1) )",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](vbscript:msgbox(1))",
    "[a](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    '[a](https://example.org/ "x\\" onmouseover=\\"alert(1)")',
    '<a href="https://example.org/" onclick="alert(1)" style="x" target="_blank" id="y" class="z">a</a>',
    "<div onclick=alert(1)>a</div>",
    "<iframe src=https://example.org/></iframe>",
    "<style>body{background:url(https://example.org/)}</style>",
    "<form action=https://example.org/><input name=a></form>",
    "<meta http-equiv=refresh content=0;url=https://example.org/>",
    "<base href=https://example.org/>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "<!-- <script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<p\n<script>alert(1)</script>",
    "# A heading",
    "<h1 id=kb-content>a</h1>",
]


def assert_clean(made):
    if not made.strip():
        return
    tree = html.fragment_fromstring(made, create_parent="div")
    for node in tree.iterdescendants():
        assert isinstance(node.tag, str), "a remark or instruction was let in"
        assert node.tag in ALLOWED
        assert set(node.attrib) <= ({"href"} if node.tag == "a" else set())
        address = node.get("href", "https://").strip().casefold()
        scheme, colon, _ = address.partition(":")
        assert not colon or scheme in ("http", "https") or not scheme.isalnum(), address


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_smuggles_nothing_in(text):
    for around in ("{}", "before {} after", "- {}", "> {}", "**{}**", "[b]({})"):
        for root in ("", "../"):
            assert_clean(render_markdown(around.format(text), root))


@given(
    st.lists(
        st.sampled_from([*HOSTILE, "\n", "\n\n", "- ", "> ", "**", "`", "[", "](", ")", '"', "<", ">"]), max_size=6
    ).map("".join)
)
@example("[a](<javascript:alert(1)>)")
def test_no_mixture_of_tricks_smuggles_anything_in(text):
    assert_clean(render_markdown(text, "../"))


@given(st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "Zs")), max_size=100))
def test_words_without_signs_give_the_text_back(text):
    made = render_markdown(text)
    shown = html.fragment_fromstring(made, create_parent="div").text_content() if made else ""
    assert shown.split() == text.split()
