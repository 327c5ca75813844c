"""Roles: the words that say what a person did, as MARC relator codes.

Rule: a role stands in brackets after the name, before it with a colon (``Cb.: Lý Vĩnh``), before it with a verb
(``edited by``), or bare after it (``Nguỵ Thanh Tuyên dịch``). An academic title before a name is no part of it.
"""

import re
from functools import lru_cache

_WORDS = {
    "tổng chủ biên": "edt", "đồng chủ biên": "edt", "chủ biên": "edt", "ch.b": "edt", "ch. b": "edt", "cb": "edt",
    "c.b": "edt", "chb": "edt", "tổng biên tập": "edt", "biên tập": "edt", "hiệu đính": "edt", "h.đ": "edt",
    "hđ": "edt",
    "hiệu chỉnh": "edt", "duyệt": "edt", "đính chính": "edt", "chỉnh lý": "edt", "chỉnh lí": "edt",
    "biên soạn": "com", "b.s": "com", "bs": "com", "soạn": "com", "tuyển chọn": "com", "tuyển soạn": "com",
    "tuyển": "com", "t.ch": "com", "tập hợp": "com", "tổng hợp": "com", "hệ thống": "com", "sưu tập": "col",
    "sưu tầm": "col", "s.t": "col", "st": "col", "điền dã": "col",
    "biên dịch": "trl", "người dịch": "trl", "dịch": "trl", "d": "trl", "phỏng dịch": "trl", "lược dịch": "trl",
    "dịch thuật": "trl", "chuyển ngữ": "trl", "dịch thơ": "trl", "dịch nghĩa": "trl",
    "phiên âm": "trc", "phiên âm chữ nôm": "trc", "ghi": "trc", "ghi chép": "trc", "chép": "trc",
    "giới thiệu": "win", "g.th": "win", "gt": "win", "lời giới thiệu": "win", "lời tựa": "wpr", "đề tựa": "wpr",
    "minh hoạ": "ill", "minh họa": "ill", "m.h": "ill", "vẽ": "ill", "tranh": "ill", "vẽ tranh": "ill", "bìa": "bkd",
    "trình bày": "bkd", "ảnh": "pht", "kể": "nrt", "kể chuyện": "nrt", "đọc": "nrt", "chú giải": "ann",
    "chú thích": "ann", "khảo cứu": "aut", "nghiên cứu": "aut", "viết": "aut", "lời": "aut", "thơ": "aut",
    "tác giả": "aut", "đồng tác giả": "aut", "sáng tác": "aut", "khảo luận": "aut", "phóng tác": "adp",
    "cải biên": "adp",
    "chuyển thể": "adp", "hướng dẫn": "ths", "người hướng dẫn": "ths", "hướng dẫn khoa học": "ths",
    "người hướng dẫn khoa học": "ths", "đạo diễn": "drt", "nhạc": "cmp", "soạn nhạc": "cmp", "người sưu tầm": "col",
    "author": "aut", "joint author": "aut", "aut": "aut", "auteur": "aut", "editor": "edt", "ed": "edt", "eds": "edt",
    "editors": "edt", "edited": "edt", "éd": "edt", "éditeur scientifique": "edt", "general editor": "edt",
    "translator": "trl", "tr": "trl", "trans": "trl", "translated": "trl", "traducteur": "trl", "trad": "trl",
    "traduit": "trl", "compiler": "com", "comp": "com", "compiled": "com", "illustrator": "ill", "illus": "ill",
    "ill": "ill", "illustrated": "ill", "illustrateur": "ill", "photographer": "pht", "narrator": "nrt",
    "director": "drt", "film director": "drt", "producer": "pro", "composer": "cmp", "performer": "prf",
    "thesis advisor": "ths", "degree supervisor": "ths", "issuing body": "isb", "sponsor": "spn", "publisher": "pbl",
    "nhà xuất bản": "pbl", "người xuất bản": "pbl", "nxb": "pbl", "xuất bản": "pbl", "出版": "pbl", "出版者": "pbl",
    "writer of introduction": "win", "writer of foreword": "wpr", "collector": "col", "advisor": "ths",
    "contributor": "ctb", "writer of added commentary": "wac", "author of introduction, etc": "aui",
    "writer of supplementary textual content": "wst", "degree granting institution": "dgg", "printer": "prt",
    "actor": "act", "author of screenplay": "aus", "author of introduction": "aui",
    "engraver": "egr", "lyricist": "lyr", "conductor": "cnd", "singer": "sng", "interviewer": "ivr",
    "interviewee": "ive", "screenwriter": "aus", "cartographer": "ctg", "former owner": "fmo", "adapter": "adp",
    "annotator": "ann", "host institution": "his", "photographs": "pht", "series editor": "edt",
    "préface": "wpr", "préfacier": "wpr", "préf": "wpr", "postface": "aft", "introd": "win", "directeur": "edt",
    "dir": "edt", "directeur de publication": "pbd", "directeur de la publication": "pbd", "coord": "edt",
    "coordinateur": "edt", "collaborateur": "ctb", "contributeur": "ctb", "photographe": "pht", "compositeur": "cmp",
    "réalisateur": "drt", "metteur en scène": "drt", "interprète": "prf", "directeur de thèse": "ths",
    "adaptateur": "adp", "annotateur": "ann", "éditeur": "edt", "traductrice": "trl", "autrice": "aut",
    "illustratrice": "ill",
    "verfasser": "aut", "verfasserin": "aut", "verfasserin, verfasser": "aut", "autor": "aut", "autorin": "aut",
    "herausgeber": "edt", "herausgeberin": "edt", "hrsg": "edt", "hg": "edt", "übersetzer": "trl",
    "übersetzerin": "trl", "übers": "trl", "illustratorin": "ill", "mitwirkender": "ctb", "mitwirkende": "ctb",
    "bearb": "com", "bearbeiter": "com", "komponist": "cmp", "regisseur": "drt", "fotograf": "pht", "vorr": "wpr",
    "verfasser eines vorworts": "wpr", "akademischer betreuer": "ths", "grad-verleihende institution": "dgg",
    "主编": "edt", "编": "edt", "编著": "com", "著": "aut", "译": "trl", "绘": "ill", "編": "edt", "主編": "edt",
    "編著": "com", "譯": "trl", "撰": "aut", "编写": "com", "编译": "trl", "翻译": "trl", "校": "edt", "审校": "edt",
    "副主编": "edt", "摄影": "pht", "摄": "pht", "插图": "ill", "改编": "adp", "选编": "com", "辑": "com",
    "编辑": "edt", "注": "ann", "注释": "ann", "整理": "com", "搜集": "col",
    "作": "aut", "续": "aut", "导演": "drt", "编绘": "ill",
}  # fmt: skip
_BARE_AFTER = (
    *sorted((word for word in _WORDS if not word.isascii() and " " in word), key=len, reverse=True),
    "dịch", "kể", "soạn", "ghi", "vẽ", "chép",
)  # fmt: skip
_LAST_WORDS = frozenset(word.rpartition(" ")[2] for word in _BARE_AFTER)
_BY_LETTERS = frozenset("bpetciwdrBPETCIWDR")
_TITLES = re.compile(
    r"^(?:(?:GS|PGS|TSKH|TS|Ts|ThS|Ths|THS|Th\.\s?S|PTS|KS|Ks|BS|Bs|BSCK|LS|Ls|NCS|DS|KTS|CN|CVCC|NGND|NGƯT|NSND|NSƯT|NNƯT|AHLĐ"
    r"|Tiến sĩ|Tiến sỹ|Thạc sĩ|Thạc sỹ|Giáo sư|Phó giáo sư|Phó tiến sĩ|Kỹ sư|Bác sĩ|Luật sư|Dr|Prof"
    r"|Thượng tọa|Hòa thượng)"
    r"(?:\.\s?|,\s|\s|$))+",
)
_BY = re.compile(
    r"^(?:(?P<role>edited|translated|compiled|illustrated|written|prepared|dirigé|traduit|retold|adapted|photographs?|text)"
    r"(?:\s+(?:and|&)\s+\w+)?\s+)?(?:by|par|bởi)\s+",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{1,80})[)\]]\s*")
_PREFIX = re.compile(r"^([^:]{1,30}?)\s*:\s*(?=\S)")
_SEPARATORS = re.compile(r"\s*(?:,|;|&|\bvà\b|\band\b|\+|/)\s*")


@lru_cache(maxsize=4_096)
def find_roles(words: str) -> tuple[str, ...]:
    """``sưu tầm, biên dịch`` -> ``("col", "trl")``; words that are no roles give nothing."""
    roles: list[str] = []
    for word in _SEPARATORS.split(words.lower()):
        code = _WORDS.get(word.strip(" .:;"))
        if code and code not in roles:
            roles.append(code)
    return tuple(roles)


def strip_titles(name: str) -> str:
    """``PGS.TS. Nguyễn Hải Quang`` -> ``Nguyễn Hải Quang``."""
    found = _TITLES.match(name)
    return name[found.end() :].lstrip(" .,") or name if found else name


def take_roles(name: str) -> tuple[str, tuple[str, ...]]:
    """The name without the roles written on it, and these. Brackets that hold no role stay for the caller."""
    roles: list[str] = []
    if "(" in name or "[" in name:
        for found in _BRACKETS.finditer(name):
            roles.extend(find_roles(found[1]))
    if roles:
        name = _BRACKETS.sub(lambda found: " " if find_roles(found[1]) else found[0], name).strip()
    prefix = _PREFIX.match(name) if ":" in name else None
    if prefix and find_roles(prefix[1]):
        roles.extend(find_roles(prefix[1]))
        name = name[prefix.end() :]
    spoken = _BY.match(name) if name[:1] in _BY_LETTERS else None
    if spoken:
        roles.extend(find_roles(spoken["role"] or ""))
        name = name[spoken.end() :]
    name, after = _take_words_after(name)
    return name, tuple(dict.fromkeys([*roles, *after]))


def _take_words_after(name: str) -> tuple[str, tuple[str, ...]]:
    """``Nguỵ Thanh Tuyên dịch``: the role follows in small letters, after a name of at least two words."""
    roles: tuple[str, ...] = ()
    if name.rpartition(" ")[2] not in _LAST_WORDS:
        return name, roles
    for _ in range(3):
        for word in _BARE_AFTER:
            rest = name[: -len(word)]
            if name.endswith(word) and rest[-1:] in " ," and " " in rest.strip(" ,"):
                name = rest.rstrip(" ,;&")
                roles = (*find_roles(word), *roles)
                break
        else:
            break
    return name, roles
