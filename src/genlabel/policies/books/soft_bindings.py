"""Soft-binding algorithms on the C2PA's list, and of which kind each is: names alone, dated.

The list: https://github.com/c2pa-org/softbinding-algorithm-list (Apache-2.0).
"""

from __future__ import annotations

from datetime import date

LISTED_ON = date(2026, 4, 15)
"""The day of the list that was read."""
LISTED = {
    "com.digimarc.validate.1": "watermark",
    "org.atsc.a336": "watermark",
    "io.iscc.v0": "fingerprint",
    "com.adobe.trustmark.Q": "watermark",
    "com.adobe.trustmark.C": "watermark",
    "com.adobe.icn.dense": "fingerprint",
    "ai.steg.api": "watermark",
    "ai.trufo.gen1.image": "watermark",
    "ai.trufo.gen1.image-lite": "watermark",
    "app.overlai.watermark.1": "watermark",
    "tv.kinetiq.watercast.48.1": "watermark",
    "castLabs.watermark.1": "watermark",
    "com.adobe.trustmark.P": "watermark",
    "com.imatag.lamark.v1": "watermark",
    "com.nagra.nexguard.watermark.1": "watermark",
    "com.mentaport.watermark.1": "watermark",
    "com.digicaps.fingerprint.1": "fingerprint",
    "com.sonicorigin.watermark.1": "watermark",
    "com.microsoft.invismark.1": "watermark",
    "com.microsoft.wavmark.1": "watermark",
    "ai.contentlens.image.basewmk": "watermark",
    "ai.contentlens.image.ensemblewmk": "watermark",
    "ai.contentlens.image.customwmk": "watermark",
    "ai.contentlens.audio.mono": "watermark",
    "ai.contentlens.audio.stereo": "watermark",
    "es.lumatrace": "watermark",
    "com.markany.watermark.1": "watermark",
    "com.verimatrix.watermark.1": "watermark",
    "com.writerslogic.zwc-watermark.1": "watermark",
    "com.aiwatermark.videoseal.1": "watermark",
    "com.aiwatermark.pixelseal.1": "watermark",
    "com.aiwatermark.audioseal.1": "watermark",
}
"""Identifier of an algorithm (``alg``) → ``watermark`` or ``fingerprint``."""
