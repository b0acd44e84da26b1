"""By what names programs and models are called that do nothing but generate.

A name counts where software or a maker names itself and nowhere else: people write about them, too.
"""

from __future__ import annotations

import re

from genlabel.formats.tiff import directories
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression

_UNMISTAKABLE = (
    r"NovelAI|Midjourney|(?:Easy |Mochi )?Stable[- ]?Diffusion|DALL[·-]?E|Adobe Firefly|ComfyUI"
    r"|InvokeAI|Fooocus|(?:Stable)?SwarmUI|Draw Things|Leonardo[. ]?Ai|GPT-4o|gpt-image|ChatGPT"
    r"|DiffusionBee|(?:Easy|Mochi) ?Diffusion|AUTOMATIC1111|SD\.Next|DreamStudio"
    r"|Stability ?(?:AI|Matrix)|Bing Image Creator|Image Creator from (?:Microsoft )?Designer"
    r"|Black Forest Labs|Nano Banana|(?:Apple )?Image Playground|Playground AI|Meta AI|Bria AI"
    r"|Krea AI|Kling ?AI|Hailuo|Seedream|Seedance|Dreamina|Jimeng|Doubao|Tongyi Wanx\w{0,8}"
    r"|Qwen[- ]?Image|Hunyuan[- ]?(?:Image|Video|DiT)|HiDream|Z-Image|Recraft|Craiyon|NightCafe"
    r"|Artbreeder|WOMBO Dream|StarryAI|PixAI|Civitai|Tensor\.?Art|SeaArt|RunwayML|Pika Labs"
    r"|Luma Dream Machine|Amazon Titan Image|Nova (?:Canvas|Reel)|ElevenLabs|Stable Audio|MusicGen"
    r"|OpenAI(?: Sora)?|Runway Gen-?\d|Suno AI|Udio AI"
)
"""Nothing and nobody else has such a name."""
_AT_THE_BEGINNING = (
    r"Sora(?: \d[\w.]{0,8})?$|x?AI Grok|Grok(?: Imagine)?|Flux[. -]?[12]\b|SDXL|diffusers"
    r"|(?:Google )?Veo \d|Google Gemini|Gemini \d|Runway Gen|Suno(?: AI| v?\d|$)|Udio(?: AI|$)"
    r"|Kolors|Wan ?2\.\d|CogView|Kandinsky|PixArt|DeepFloyd|Pixel Studio$|(?:prompt|workflow):\{"
)
"""What is a name of others, too, or part of one, when it stands elsewhere."""
NAME = expression(
    rf"\b(?:{_UNMISTAKABLE}|Ideogram|Imagen)\b|^(?:{_AT_THE_BEGINNING})(?!\w)|豆包|即梦|可灵|通义万相",
    re.IGNORECASE,
)
_VERSION = r"(?:[ -]v?[\w.]{1,12}){0,2}"
WHOLE_NAME = expression(rf"(?:{_UNMISTAKABLE}){_VERSION}", re.IGNORECASE)
"""Of a maker: a photographer may be called Imagen or Sora."""
_SUBJECT = r"(?:image|picture|photo|art|artwork|illustration|video|music|sound|content|media)"
STATEMENT = expression(
    rf"(?:(?:this|an?) )?(?:{_SUBJECT} )?(?:(?:is|was) )?(?:AI[ -]generated(?: {_SUBJECT})?"
    r"|(?:AI[ -])?(?:generated|created|imagined|made) (?:by|with|using) "
    r"(?:(?:an? )?(?:Google )?(?:generative )?AI|artificial intelligence"
    rf"|(?:{_UNMISTAKABLE}){_VERSION})"
    r"|(?:generated|created|made) (?:with|using) "
    r"(?:Suno|Udio|Ideogram|Google (?:Veo|Gemini|Imagen))"
    rf"{_VERSION}|Generator: (?:{_UNMISTAKABLE})[^\n]{{0,60}})[.!]?",
    re.IGNORECASE,
)
"""A text that says nothing but that a model made what it stands in."""
_NEEDLES = (
    *(b"novelai", b"midjourney", b"diffus", b"dall", b"firefly", b"comfyui", b"invoke", b"fooocus"),
    *(b"swarmui", b"draw things", b"leonardo", b"gpt-", b"chatgpt", b"automatic1111", b"sd.next"),
    *(b"dream", b"wan 2", b"kling", b"hailuo", b"seedance", b"jimeng", b"doubao", b"tongyi"),
    *(b"stabil", b"image creator", b"forest labs", b"banana", b"playground", b"meta ai"),
    *(b"bria ai", b"krea ai"),
    *(b"qwen", b"hunyuan", b"z-image", b"recraft", b"craiyon", b"nightcafe", b"artbreeder"),
    *(b"starryai", b"pixai", b"civitai", b"tensor", b"seaart", b"runway", b"pika labs", b"titan"),
    *(b"nova ", b"elevenlabs", b"stable audio", b"musicgen", b"ideogram", b"imagen", b"openai"),
    *(b"sora", b"grok", b"flux", b"sdxl", b"veo ", b"gemini", b"suno", b"udio", b"kolors", b"wan2"),
    *(b"cogview", b"kandinsky", b"pixart", b"deepfloyd", b"pixel studio", b"prompt:{"),
    *(each.encode() for each in ("workflow:{", "豆包", "即梦", "可灵", "通义万相")),
)
"""One of these is in every name, in lower case."""
_FIELDS = (b"creator", b"software", b"producer", b"credit", b"artist", b"make", b"model", b"agent")
"""In what fields of a packet software and makers name themselves, in lower case."""
_NAMING_TAGS = frozenset({0x010F, 0x0110, 0x0131, 0x013B})
_NEAR = 400
"""How far behind the name of its field a name begins at most, with what is between."""
_SMALL = 1024
"""Bytes of a block of which all is looked at."""
_IIM = b"\x1c"
"""How IIM begins, which has numbers for names."""


def may_stand_in(block: bytes, plain: bytes) -> bool:
    """May one be named in a field of this block of XMP, Exif or IIM, which is `plain` in lower case
    and without zeros? A look at some of its bytes, which costs less than reading it."""
    if block[:2] in (b"II", b"MM"):
        try:
            structure = directories.opened(block)
            entries = structure.directory(structure.first).entries
            named = [structure.value(each) or b"" for each in entries if each.tag in _NAMING_TAGS]
            plain = b"\n".join(named).lower()
        except MalformedMetadata:
            pass
    if len(plain) > _SMALL and not plain.startswith(_IIM):
        plain = b"\n".join(_near_fields(plain))
    return any(each in plain for each in _NEEDLES)


def _near_fields(plain: bytes) -> list[bytes]:
    """What stands behind the names of fields, each piece once."""
    pieces = []
    for field in _FIELDS:
        at = plain.find(field)
        while at >= 0:
            pieces.append(plain[at : at + _NEAR])
            at = plain.find(field, at + _NEAR)
    return pieces
