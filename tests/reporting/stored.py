"""A snapshot document frozen in the database, with the rows it needs around it."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from assessments import models as a
from assessments.queries import canonical
from commitments.models import Framework, Level
from tests import factories


def stored(document: dict[str, Any], at: dt.datetime | None = None) -> Any:
    """The document frozen in the database, with the rows a snapshot needs around it."""
    place = document["organisation"]
    organisation = factories.organisation(place["slug"], name=place["name"])
    framework, _ = Framework.objects.get_or_create(
        version=document["framework"]["version"],
        defaults={
            "name": "London", "title": "A framework", "issued_by": "HEG", "is_current": True,
            "source_note": "Published by the London Health Equity Group.",
        },
    )  # fmt: skip
    for level in document["scoring"]["levels"]:
        Level.objects.get_or_create(
            framework=framework, number=level["number"],
            defaults={"name": level["name"], "means": level["means"], "evidence": "Proof."},
        )  # fmt: skip
    slug = document["cycle"]["slug"]
    cycle = a.Cycle.objects.filter(slug=slug).first() or a.Cycle.objects.create(
        slug=slug,
        name=document["cycle"]["name"],
        framework=framework,
        opens_at=factories.london(int(slug), 8, 17),
        due_at=factories.london(int(slug), 11, 13),
        closes_at=factories.london(int(slug), 12, 18),
        last_release_at=factories.london(int(slug) + 1, 3, 31),
    )
    signed_at = dt.datetime.fromisoformat(document["signed_off"]["at"])
    signer = factories.UserFactory(name=document["signed_off"]["by"])
    assessment, _ = a.Assessment.objects.update_or_create(
        cycle=cycle,
        organisation=organisation,
        defaults={
            "opened_at": cycle.opens_at, "sent_at": signed_at, "sent_by": signer,
            "signed_at": signed_at, "signed_by": signer, "signed_off_at": signed_at,
        },
    )  # fmt: skip
    text = canonical(document)
    return a.Snapshot.objects.create(
        assessment=assessment,
        version=document["version"],
        document=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        signed_off_at=at or signed_at,
        signed_by=signer,
        framework_version=framework.version,
        scoring_version="1",
        software_version="test",
    )
