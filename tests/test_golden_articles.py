"""Whole articles against what was agreed to be right: tests/golden/*.json.

After a wanted change: python tests/test_golden_articles.py, and read the difference.
"""

import json
from pathlib import Path

import pytest

from audiopress.script.segments import write_script
from audiopress.sources.read import read_source

GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = Path(__file__).parent.parent / "examples"
ARTICLES = sorted([*GOLDEN.glob("*.txt"), *GOLDEN.glob("*.md"), *EXAMPLES.glob("*.txt"), *EXAMPLES.glob("*.md")])


def summary(path: Path) -> dict[str, object]:
    article = read_source(str(path))
    script = write_script(article)
    return {
        "agency": [article.agency, article.agency_line],
        "passages": [[p.line, p.kind, p.text] for p in article.passages],
        "dropped": [[d.line, d.why, d.text] for d in article.dropped],
        "segments": [
            {
                "kind": segment.kind,
                "heading": [segment.heading_line, segment.heading],
                "sentences": [[s.line, s.role, s.boundary, s.written] for s in segment.sentences],
            }
            for segment in script.segments
        ],
    }


def expected(path: Path) -> Path:
    return GOLDEN / f"{path.stem}.json"


def test_there_are_golden_articles() -> None:
    assert len(ARTICLES) >= 5
    assert {expected(path) for path in ARTICLES} == set(GOLDEN.glob("*.json"))


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    assert summary(path) == json.loads(expected(path).read_text(encoding="utf-8"))


if __name__ == "__main__":
    for article_path in ARTICLES:
        text = json.dumps(summary(article_path), ensure_ascii=False, indent=1)
        expected(article_path).write_text(text + "\n", encoding="utf-8")
