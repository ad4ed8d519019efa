"""Keep audiopress/pronounce/data/lexicon.tsv: sort it, fill it up, say who agrees, list what to read next.

    python -m training.pronounce.lexicon ../shared [--next 200]

The third column says where a line comes from. ``read``: a reader decided it, because the rules or the sources were
wrong, differ, or do not know the word. ``checked``: the rules' answer, and a reader found it right. ``rules``: the
rules' answer for one of the MOST most frequent words of news that no reader has looked at; these lines are written
anew by each run. Then come the lexica that give the same phonemes. ``--next N`` prints the N most frequent words that
nobody read and with which no source agrees.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from pathlib import Path

from audiopress.pronounce import g2p, lexicon
from audiopress.tables import read_table
from training.pronounce import corpus

OUT = Path(__file__).parents[2] / "audiopress" / "pronounce" / "data" / "lexicon.tsv"
HEAD = (
    "# word\tphonemes\tsource: read, checked or rules (see training/pronounce/lexicon.py); then the lexica that agree\n"
)
MOST = 30_000
TIHU = {"A": "ɒ", "a": "æ", "C": "tʃ", "j": "dʒ", "S": "ʃ", "Z": "ʒ", "y": "j", "g": "ɡ", "?": "ʔ"}
IPA = dict(zip("͡ʤʧɑɔɾɹgɢɣχɪʊaɛwy", ("", "dʒ", "tʃ", *"ɒɒrrɡqqxeoæevj"), strict=True))
MNEMONICS = {"tS": "tʃ", "dZ": "dʒ", "q1": "q"} | dict(zip("?RAaSZgw", "ʔrɒæʃʒɡv", strict=True))
LEXICA = {"ipa_dict": "ipa_dict_fa.txt", "gruut": "gruut_fa_lexicon.tsv", "wikipron": "wikipron_per_phonemic.tsv"}


def respelt(phonemes: str, table: dict[str, str]) -> str:
    """The phonemes of a source in our letters."""
    for theirs, ours in table.items():
        phonemes = phonemes.replace(theirs, ours)
    return re.sub(r"[^bptdkɡqʔfvszʃʒxhmnlrjæeoɒiu]", "", phonemes)


def sources(folder: Path) -> dict[str, dict[str, set[str]]]:
    """Phonemes by word and source."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def rows(name: str) -> list[list[str]]:
        text = (folder / name).read_text(encoding="utf-8").replace("ي", "ی").replace("ك", "ک")
        cells = (re.split(r"\t+|(?<=[آ-ی])\s+", line.strip(), maxsplit=1) for line in text.splitlines())
        return [row for row in cells if len(row) > 1 and "آ" <= row[0][0] <= "ی"]

    for name, file in LEXICA.items():
        for word, said in rows(file):
            for one in said.split("\t")[0].split(","):
                found[word][name].add(respelt(one, IPA))
    for word, said in rows("tihu.demo.dict"):
        found[word]["tihu"].add("".join(TIHU.get(sound, sound) for sound in said.split()))
    for word, said in rows("homofast_espeak_fa_list.txt"):
        found[word]["homofast"].add(respelt(said.split()[0], MNEMONICS))
    return found


def alike(phonemes: str) -> str:
    """What is left when usage that varies is set aside: glottal stops, doubled consonants, a final æ for e."""
    return re.sub(r"(.)\1+", r"\1", re.sub("æ$", "e", phonemes.replace("ʔ", "").replace("ij", "i")))


def frequent(shared: Path) -> list[str]:
    """Words from frequent to rare: their share of our news and other text, and half their share in hazm's list."""
    counts = Counter(word for sentence in corpus.everything(shared) for word in sentence)
    rows = [line.split("\t") for line in (shared / "data/zwnj/hazm_words.dat").read_text("utf-8").splitlines()]
    total, listed = counts.total(), sum(int(row[1]) for row in rows)
    share = {word: count / total for word, count in counts.items()}
    for word, count, *_ in rows:
        plain = word.replace("ي", "ی").replace("ك", "ک")
        share[plain] = share.get(plain, 0) + int(count) / listed / 2
    persian = re.compile("[ء-ی][ء-ی\u200c]*[ء-ی]")
    return sorted((word for word in share if persian.fullmatch(word)), key=lambda word: -share[word])


def main() -> None:
    """Rewrite the lexicon, list what to read next."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--next", type=int, default=0)
    args = parser.parse_args()
    known = sources(args.shared / "data" / "lexicon")
    rows = read_table("pronounce", "lexicon.tsv", 3)
    found = {row[0]: (row[1], row[2].split(",")[0]) for row in rows if not row[2].startswith("rules")}
    words = {row[0]: row[1] for row in read_table("pronounce", "names.tsv", 3)}
    words |= {word: phonemes for word, (phonemes, _) in found.items()}
    lexicon.words = lambda: words  # the rules must not read their own answers
    ordered = frequent(args.shared)
    for word in ordered[:MOST]:
        phonemes = g2p.word_phonemes(word)
        if phonemes:
            found.setdefault(word, (phonemes, "rules"))
            words.setdefault(word, phonemes)  # a known stem for its inflected forms, which are rarer
    lines = []
    for word, (phonemes, origin) in sorted(found.items()):
        agree = [name for name, said in sorted(known.get(word, {}).items()) if alike(phonemes) in map(alike, said)]
        lines.append(f"{word}\t{phonemes}\t{','.join([origin, *agree])}\n")
    OUT.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{len(lines)} lines: {Counter(origin for _, origin in found.values())}")
    left = args.next
    for word in ordered:
        if not left:
            break
        phonemes, origin = found.get(word, ("", "rules"))
        said = {one for several in known.get(word, {}).values() for one in several}
        if origin == "rules" and alike(phonemes) not in map(alike, said):
            print(word, phonemes or g2p.word_phonemes(word), *sorted(said))
            left -= 1


if __name__ == "__main__":
    main()
