"""HTML: one page about a run to hand on, complete in itself and without any script."""

from genlabel.rendering.html.article import (
    Article as Article,
    Picture as Picture,
    article as article,
)
from genlabel.rendering.html.page import page as page
