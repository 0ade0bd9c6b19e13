"""The words in a name field that are no name: titles, suffixes, particles, and all the ways to say `unknown`."""

from __future__ import annotations

from mapping.normalize.word_list import phrases, words

TITLES = words(
    """
    mr mrs ms miss mx dr rev sir madam hon honorable prof professor officer ofc ofcr off det detective insp
    inspector sgt sergeant lt lieutenant capt captain cpl corporal deputy trooper tpr sheriff chief judge agent
    """
)
"""Taken off the front of a name, and kept as its prefix."""

SUFFIXES = {
    "jr": "Jr", "jnr": "Jr", "junior": "Jr", "sr": "Sr", "snr": "Sr", "senior": "Sr", "ii": "II", "iii": "III",
    "iv": "IV", "vi": "VI", "vii": "VII", "2nd": "II", "3rd": "III", "4th": "IV", "esq": "Esq", "md": "MD",
    "phd": "PhD", "dds": "DDS",
}  # fmt: skip
"""Suffixes that are nothing else."""

INITIAL_SUFFIXES = {"i": "I", "v": "V"}
"""Suffixes that may as well be a middle initial: believed only behind a whole name in natural order."""

PARTICLES = words(
    "de la las los del della da das do dos di du des le van von der den het ten ter bin ibn al el abu st san santa"
)
"""Words that belong to the surname behind them."""

UNKNOWN = words("unknown unk unkn unknwn unknow ukn n/a null (null) none fnu lnu mnu nmn nmi nfn nln nln/nfn")
"""Words for a part of a name that is not known: FNU is `first name unknown`, NMN `no middle name`."""

NOBODY = phrases(
    """
    name|full name|first name|last name|person name|person|string|na|tbd|anonymous|no name|not given
    |not provided|not applicable|not available|not known|none given|refused|refused name|withheld|redacted|self
    |state|business|society
    """
)
"""Whole names that name nobody. NIBRS and many RMS put `society`, `state` or `business` where a victim's name goes."""

NO_WORD_OF_A_NAME = words(
    """
    male female man woman boy girl suspect subject person party offender juvenile adult victim caller driver owner
    name names first last middle given white black hispanic w m f w/m w/f b/m b/f h/m h/f #1 #2 1 2
    """
)
"""Beside `unknown` these describe somebody; they do not name him."""

MAC_NAMES = words(
    """
    macdonald macgregor mackenzie macleod maclean macarthur macpherson macmillan macneil macneill macdougall
    macintyre macfarlane macallister mackinnon maclachlan macaulay macbeth macdonnell macduff macinnes macintosh
    maclaren macnamara macrae macqueen
    """
)
"""Names that capitalize behind `Mac`; Mack, Macias and Machado do not."""
