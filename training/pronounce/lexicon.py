"""Keep audiopress/pronounce/data/lexicon.tsv: sort it, say who agrees, and list what a reader should look at next.

    python -m training.pronounce.lexicon ../shared [--next 200]

The lexicon is written by hand, word by word: espeak-ng's answer for the frequent news words was read beside the
sources, and where it was wrong a line was added, as it was for stems whose inflected forms it gets wrong. This command
rewrites the file in order, with the sources that give the same phonemes in its third column. ``--next N`` prints the N
most frequent words for which no source agrees with us, ours first.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from pathlib import Path

from audiopress.pronounce import g2p, lexicon
from training.pronounce import corpus

OUT = Path(__file__).parents[2] / "audiopress" / "pronounce" / "data" / "lexicon.tsv"
HEAD = "# word\tphonemes\tsource: read = decided by reading; then the lexica that agree\n"
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


def main() -> None:
    """Rewrite the lexicon, list what to read next."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--next", type=int, default=0)
    args = parser.parse_args()
    known = sources(args.shared / "data" / "lexicon")
    lines = []
    for word, phonemes in sorted(lexicon.words().items()):
        agree = [name for name, said in sorted(known.get(word, {}).items()) if alike(phonemes) in map(alike, said)]
        lines.append(f"{word}\t{phonemes}\t{','.join(['read', *agree])}\n")
    OUT.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{len(lines)} lines")
    counts = Counter(word for sentence in corpus.everything(args.shared) for word in sentence)
    left = args.next
    for word, count in counts.most_common():
        if not left:
            break
        mine = g2p.word_phonemes(word)
        said = {one for several in known.get(word, {}).values() for one in several}
        if said and word not in lexicon.words() and alike(mine) not in map(alike, said):
            print(count, word, mine, *sorted(said))
            left -= 1


if __name__ == "__main__":
    main()
