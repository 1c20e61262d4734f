"""Files to take away: a sheet for each use case and each reader, the principles as cards, a picture for each record.

``takeaways`` prepares frozen values from the views of the pages; ``press`` has Typst set them. Text of records reaches the
templates as data and is never read as Typst.
"""
