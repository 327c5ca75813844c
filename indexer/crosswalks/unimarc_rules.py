"""What each field of a Record is read from in UNIMARC, in words. The rules of MARC 21 hold after that."""

from collections.abc import Mapping

FIELD_WORDS: Mapping[str, str] = {
    "title": "200 $a title, $e subtitle, $d parallel title, $h volume, $i title of the part, $f $g responsibility. "
    "Other titles: 500 to 545, a second $a, the pinyin of CNMARC ($A, $9) and a 200 in another script.",
    "agents": "700 to 703, 710 to 713, 720 to 722: $a and $b the name, $f dates, $4 the role as a code or (CNMARC) "
    "a word.",
    "publication": "210 or 214: $a place, $c publisher, $d date; years from $d, else from 100 $a/9-16.",
    "languages": "101 $a; without it, what the title is written in, with a finding.",
    "subjects": "600 to 608, 615 to 617: each heading with its subdivisions ($j $x $y $z); 610 are keywords.",
    "type": "328, or 105 $a/4-7 m or v: a thesis. 106 f: braille. Else leader/06-07.",
    "edition_statement": "205 $a $b $f as written.",
    "classifications": "676 is Dewey, 690 the Chinese classification, 675 UDC, 680 Library of Congress, 686 "
    "and 692 others.",
    "identifiers": "010 $a ISBN, 011 $a ISSN, 013, 017, 073. To be found by: 010 $z, 011 $y $z, 020, 022, 036, 040, "
    "071.",
    "extent": "215 $a $c $d $e, with the marks between them.",
    "audience": "100 $a/17-19 (a to d children, e young people; k or m among them: nobody in particular), else "
    "the words of 333 $a.",
    "series": "225 $a $e $h $i $v; without it 410, 461 or 462, the series or set above the volume.",
    "abstract": "330 $a, of several one after the other.",
    "contents": "327 and 359, of several one after the other.",
    "notes": "300 to 317, 320 to 326, 328, 332 to 334, 336, 337, and the scale and numbering (206, 207).",
    "price": "010 $d, or a price that stands behind the number in 010 $a.",
    "print_run": "What stands after the price in 010 $d: 1000b.",
    "links": "856 $u with $z or $3 as its label; words tell access.",
    "relations": "421 to 488 by their tags (430 earlier, 440 later title, 454 original, 453 translation, 451 other "
    "edition); of an article its host in 461 to 463.",
    "holdings": "Copies from the first of these that has any: the partner's own accession field, 852, 905 (CNMARC), "
    "930 and 995 (France), 996. 955 $r tells what a library has of a serial.",
}
