"""Articles kept as JSON until their bulletin is made."""

from __future__ import annotations

import json
from dataclasses import asdict

from audiopress.model import Article, Dropped, Origin, Passage, PassageKind


def article_json(article: Article) -> str:
    """An article as JSON, for `article_from`."""
    return json.dumps(asdict(article), ensure_ascii=False)


def article_from(text: str) -> Article:
    """The article that `article_json` kept; raises ValueError, KeyError or TypeError for anything else."""
    table = json.loads(text)
    passages = tuple(Passage(PassageKind(each["kind"]), each["text"], each["line"]) for each in table["passages"])
    dropped = tuple(Dropped(**each) for each in table["dropped"])
    rest = {key: table[key] for key in ("source", "agency", "agency_line", "outlet")}
    return Article(passages=passages, dropped=dropped, origin=Origin(**table["origin"]), **rest)
