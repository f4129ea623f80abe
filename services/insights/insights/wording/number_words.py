"""Words that express or modify a number without a digit. Lower case, ASCII."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMBERS = _words("""
    zero nil nought naught null none one two three four five six seven eight nine ten eleven twelve
    thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fourty fifty sixty seventy
    eighty ninety hundred hundreds thousand thousands grand million millions billion billions trillion bn mio mrd
    first second third fourth fifth sixth seventh eighth ninth tenth
    once twice thrice single double doubled doubles doubling triple tripled quadruple quadrupled
    half halves halved halving quarter quarters quartered
    pair pairs couple dozen dozens score scores both several
    percent percentage cent cents penny pennies euro euros dollar dollars pound pounds quid buck bucks
    ein eine einen zwei drei vier funf fuenf sechs sieben acht neun zehn elf zwolf zwoelf hundert tausend halb halbe
    un une deux trois quatre cinq sept huit neuf dix onze douze treize vingt trente quarante cinquante soixante mille
    uno una dos tres cuatro cinco seis siete ocho nueve diez veinte treinta cuarenta cincuenta cien ciento mil
    due tre quattro cinque sei sette otto nove dieci venti trenta cinquanta cento
    um uma dois duas quatro sete oito dez vinte cem cinquenta
    een twee drie vijf zes zeven negen tien twaalf twintig dertig vijftig honderd duizend
""")
"""In English whole, in German, French, Spanish, Italian, Portuguese and Dutch the commonest."""

_STEMS = (
    r"(?:twent|thirt|forty|fourt|fift|sixt|sevent|eight|ninet|zwanzig|dreissig|vierzig|funfzig|sechzig|siebzig"
    r"|achtzig|neunzig|hundert|tausend|hundred|thousand|million|milliard|billion|teen|fold)"
)
_HIDDEN = re.compile(rf"\w*(?:{_STEMS}y?\w*)$|zwei\w+$|drei\w+$")
_ROMAN = re.compile(r"(?=.{2,})m{0,4}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$")
_NOT_ROMAN = frozenset({"mix"})
_LETTERS_ALONE = frozenset({"a", "i"})

BENDING = _words("""
    about around roughly nearly almost approximately approx circa some
    over under above below beyond least exactly only just barely hardly
    most minus plus times negative multiplied divided
    per each every daily weekly yearly annually annual hourly
    day week weeks weekend year years yesterday tomorrow today tonight decade century fortnight
    not no never neither nor without isnt wasnt didnt doesnt dont havent hasnt arent werent cannot cant wont
    earn earns earned earning earnings income salary wages profit won gift received refund refunds refunded
    back returned owe owes owed debt left remain remains remaining budget limit allowance
    www http https com net org
""")
"""Bounds, rates, other spans of time, negations, money that came in or is left: beside a true number they make a false
sentence."""


def says_a_number(word: str) -> bool:
    """Whether a word (lower case, ASCII letters) is or contains a number."""
    alone = len(word) == 1 and word not in _LETTERS_ALONE
    roman = word not in _NOT_ROMAN and _ROMAN.match(word) is not None
    listed = word in NUMBERS or word.removesuffix("s") in NUMBERS
    return alone or roman or listed or _HIDDEN.match(word) is not None
