"""A parent's words made comparable: normalised, cut, and mapped by the lexicon beside the raw.

The only module that meets a segmenter. rjieba (Rust) cuts as jieba does, 17-25 times faster;
jieba is the fallback where no rjieba wheel exists and the oracle of the parity test.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import pairwise

from knowledge import numbers
from knowledge.lexicons import LEXICON, Rule, either, lexicon, read_pairs, read_words

_CJK_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
# the supplementary planes too: OpenCC turns the Cantonese `嗰` into a character of plane 2
_NOT_WORD = re.compile(r"[^0-9a-z\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_FACE = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,6}\]|/:[^\s\u4e00-\u9fff]{1,4}")
_RUN = re.compile(r"([^\W\d])\1{2,}")
_LEXICONS = ("yue", "typos", "synonyms")
#: Wide `!(),:;?` and what NFKC makes of them, whatever stands beside them.
_WIDE = tuple((chr(ord(narrow) + 0xFEE0), narrow) for narrow in "!(),:;?")

_MAKING = threading.Lock()

#: What happens after `level`, in this order; trace.py applies the same.
RULES = (Rule(_FACE, " "), Rule(_NOT_WORD, " "), Rule(_RUN, r"\1"))


@cache
def _simplified() -> dict[int, str]:
    """Map each traditional character to its simplified form, taken once from OpenCC (t2s)."""
    import opencc

    chars = [chr(c) for low, high in _CJK_BLOCKS for c in range(low, high)]
    simple = opencc.OpenCC("t2s").convert("\n".join(chars)).split("\n")
    return {ord(a): b for a, b in zip(chars, simple, strict=True) if a != b}


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile("|".join(map(chr, _simplified())))


def simplify(text: str) -> str:
    """Return the text in simplified characters, character by character."""
    return text.translate(_simplified()) if _traditional().search(text) else text


def level(text: str) -> str:
    """Return half-width (NFKC), lower-case, simplified text: what needs no pattern."""
    for wide, narrow in _WIDE:  # text with no other wide character needs no tables of Unicode
        text = text.replace(wide, narrow)
    return simplify(unicodedata.normalize("NFKC", text).lower())


@lru_cache(maxsize=512)  # understanding and search ask for the same text one after the other
def normalise(text: str) -> str:
    """Return lower-case, half-width, simplified text; anything but words becomes one space.

    Old WeChat faces (`[微笑]`, `/:8-)`) and emoji go; a character written three or more times is
    written once. The parent's own words are never overwritten: callers keep the raw text.
    """
    text = level(text)
    for pattern, put in RULES:
        text = pattern.sub(put, text)
    return text.strip()


def without_fillers(normalised: str) -> str:
    """Return the text without spoken fillers and padding, unless nothing else would be left."""
    plain = normalised
    for pattern, put in filler_rules():
        plain = pattern.sub(put, plain)
    return plain.strip() or normalised


@cache
def filler_rules() -> tuple[Rule, ...]:
    """Return the rules that take out fillers wherever they stand, then padding at the edges."""
    fillers = read_words(LEXICON / "fillers.txt")
    variants = [v for name in _LEXICONS for v in read_pairs(LEXICON / f"{name}.tsv")]
    variants += read_words(LEXICON / "userdict.txt")
    # group 1 is a word of the lexicon that holds a filler and stays: `呃人`, `拖啦`
    held = either(v for v in variants if any(f in v for f in fillers)) or "(?!)"
    spoken = re.compile(f"({held})|{either(fillers)}")
    return Rule(spoken, lambda found: found[1] or " "), *_padding_rules()


def _padding_rules() -> tuple[Rule, Rule]:
    """Return the rules for what is said out of politeness: before the rest, and between spaces."""
    places = read_pairs(LEXICON / "padding.tsv")
    first = either(word for word, place in places.items() if place == "first")
    alone = either(word for word, place in places.items() if place != "kept")
    kept = "".join(word for word, place in places.items() if place == "kept")
    clause = f"(?:{alone})+(?![^ ])"
    begin = re.compile(rf"\A(?: *(?:{clause}|{first}))+")
    return Rule(begin, " "), Rule(re.compile(f" (?<![{kept}] ){clause}"), " ")


def _user_words() -> list[str]:
    words = set(read_words(LEXICON / "userdict.txt"))
    for name in _LEXICONS:
        pairs = read_pairs(LEXICON / f"{name}.tsv")
        words |= {w for w in (*pairs, *pairs.values()) if len(w) > 1}
    return sorted(words)


def segmenter() -> Callable[[str], list[str]]:
    """Return the cutter: rjieba, or jieba where rjieba is not installed; user words are in.

    Threads that want it first at the same time wait for the one that makes it: rjieba takes no
    word while it cuts.
    """
    with _MAKING:
        return _cutter()


@cache
def _cutter() -> Callable[[str], list[str]]:
    try:
        import rjieba
    except ImportError:
        return jieba_segmenter()
    for word in _user_words():  # the module's own dictionary: a second one would cost 25 MB
        rjieba.add_word(word, None, None)
    cut: Callable[[str], list[str]] = rjieba.cut
    return cut


@cache
def jieba_segmenter() -> Callable[[str], list[str]]:
    """Return jieba's own cutter with the user words: the oracle rjieba is tested against."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()
    for word in _user_words():
        cutter.add_word(word)

    def cut(text: str) -> list[str]:
        return list(cutter.cut(text))

    return cut


@cache
def _about_children() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, read_words(LEXICON / "children.txt"))))


def is_about_children(normalised: str) -> bool:
    """Say whether a text names a child, a school or a family: then it may be a gap of the base."""
    return _about_children().search(normalised) is not None


@cache
def _places(name: str) -> re.Pattern[str]:
    return re.compile(either(read_words(LEXICON / f"{name}.txt")))


def is_about_elsewhere(normalised: str) -> bool:
    """Say whether a text names another city or province and nothing of Guangzhou."""
    return bool(_places("elsewhere").search(normalised)) and not _places("here").search(normalised)


def words(text: str) -> list[str]:
    """Cut normalised text into words; spaces fall away."""
    return [w for w in segmenter()(text) if not w.isspace()]


def features(text: str) -> set[str]:
    """Return what a text is compared by: words, characters and pairs of characters.

    Characters carry short spoken questions, words carry edited ones; together they beat either
    (docs/evaluation.md). A two-character word and its pair are one feature.
    """
    return features_of(normalise(text))


def features_of(normalised: str) -> set[str]:
    """Return the features of a text that is already normalised, of both its readings."""
    raw, mapped = readings(normalised)
    found = _features(raw)
    if mapped is not raw:
        found |= _features(mapped)
    return found


def readings(normalised: str) -> tuple[str, str]:
    """Return a text without fillers, and the same with numbers and the lexicon's words put in.

    Numbers and the lexicon (Cantonese, slips, synonyms) add features beside the raw ones and never
    remove one, so that a wrong mapping cannot hide what the parent wrote. Where they have nothing
    to say the second is the first.
    """
    raw = without_fillers(normalised)
    mapped = raw
    for rule in mapping_rules():
        mapped = rule.apply(mapped)
    return raw, mapped


@cache
def mapping_rules() -> tuple[Rule, Rule]:
    """Return the rules of the second reading: numbers written out, then the lexicon's words."""
    return numbers.rule(), lexicon("all").rule


def _features(text: str) -> set[str]:
    found = {*text, *segmenter()(text)}
    found.discard(" ")
    for run in text.split(" "):
        found.update([a + b for a, b in pairwise(run)])
    return found
