"""Sound strings: Vietnamese from the demo library and of legal syllables, French and others written here, and what the
real records of the shared folder hold."""

import gzip
import random
import tomllib
from pathlib import Path
from unicodedata import normalize

import lienthu.demo
from lienthu.encodings.vietnamese import LETTERS, is_strict_syllable
from lienthu.errors import CatalogueError
from lienthu.iso2709 import read_iso2709

LIBRARY = Path(lienthu.demo.__file__).parent / "library"
SYLLABLES = Path(lienthu.demo.__file__).parent.parent / "encodings" / "syllables.txt"
FRENCH = """
À la recherche du temps perdu|Été|Thé|Le thé à la menthe|“LIBERTÉ”|« L'ÉTÉ »|«LIBERTÉ»|Où|Là-bas|Père Noël|Bébé
L'Œuvre complète d'Émile Zola|Où es-tu né ?|La clé|Le pré|Le blé|Noé|Zoé|Maïs|Haïti|Les Moïs du Haut-Tonkin|Haï
Thaï|Chaïm Potok|Saül|Goût et dégoût|Août 1944|Les races du Haut-Tonkin de Phong-Tho à Lang-Son|Né au Mali|La ré
Le dé|Un dé|Pêcheur d'Islande|Français-vietnamien : dictionnaire élémentaire|Hôtel du Nord|Une fête à Hué|Îles
Île de Ré|Crème brûlée|Élève et maître|Mémoires d'outre-tombe|Ça|L'été|Tête-à-tête|Déjà vu|Zaïre
Éléments de théorie des modèles|Sûr|Mûr|2e éd. revue et augmentée|n° 12|N° spécial|20 °C|Poids : 5 kg ± 2 %|§ 4
Nº 3|2ª edição|L² et H¹|Les espaces H¹|a^n + b^n = c^n|Société d'études indochinoises|Recherches sur les Mường
Bibliothèque nationale du Việt Nam|Côte d'Ivoire|Le Petit Prince|C++ et Java|x^2 + y^2|Pro+|L'aujourd'hui
Qu'est-ce que c'est?|Hawai'i|Qur'an|Xi'an|T'ai-p'ing|don't, it's, o'clock|J'ai lu|d'un l'autre|Ma mère
Né à Hanoï|Hanoï|Saïgon|Tonkin, Annam et Cochinchine : guide économique
"""
OTHERS = """
Der Schlüssel zum Glück|Über Größe|Münchner Bürger|»Der Prozeß«|Für Elise|Größe|Bärenhöhle|Königsberg|Böhmen
Tú y yo|Niño|Año Nuevo|¿Qué es esto?|¡Olé!|La fé|El sueño de Ángel|São João|Não há|Três irmãs|Coração|IRMÃO
Avô e avó|Quê|En gång|En lång sång|Så på ö|Hjärta|Händer och fötter|KYLÄ|“HÖJÄ”|Tämä on hyvä|Mä oon sä|hä
Köszönöm|Tűz|Őszi éj|Árvíztűrő|Łódź|Źródło|Příběh|Žena|Čeština|Ştefan|Şimdi|Güneş|Çocuk|İstanbul|það
Íslendingasögur|Þórður|Æði|Ég á mér|Zhōngguó|Huáng Hé|Lǐ Bái|Huáng tú|Mén|Guó|Xiàn dài|Hán Shān|Yúnnán
Hónghé Zhōu|Lù Xùn|Hmoob|Peb cov lus Hmoob|Moob|Kuv hlub koj|Hmôngz|Đơz|Njuôz|Paj ntaub|Txiv neej zoo|中国历史|云南省志
雲南|苗族|瑶族史诗|紅河|Белый|Война и мир|Ελλάδα|تاريخ|ประวัติศาสตร์|한국어|日本語の本
"""
VIETNAMESE = """
Sáng ngời gương anh hùng|Rạng ngời trang sử|Tươi sáng ngời ngời|Lời mời|Hơn nữa|Mèo vờn chuột|Ca vãn
Vãn cảnh chùa|Tia Rơnghen|Hình học Ơclit|Cơ-ho|Bài ca hòa bình|Thú rừng|Tô Hoài|Cá sông|Bê tô|Hôn nhân|Hà Giang
Lê Công Zoé|H'Mông|Tế bào T nhân tạo|Đờn ca tài tử|Số đỏ|Bé học toán|Đá và Nước|TP.HCM|Nxb. Trẻ|V.I. Lê-nin
Hà-Nội|Đắc Lắc - Kon Tum|Người Dao Tuyển : song ngữ Việt - Dao|Toán 8 / Phan Đức Chính (tổng chủ biên)
“Đại Thư” sách dùng trong nghi lễ|T.1|Q.2|Nhật ký trong tù = Prison diary|Đặng Thùy Trâm|Thuỷ|Thúy|hoà và hòa
1252tr. ; 20,5cm|61.000đ|Truyện cổ người Tày - người Thái|Then Tày những khúc hát|Lôgic học đại cương|Ôxtrâylia
Côngstăngtinôp|ĐHQG Hà Nội|ĐẠI CƯƠNG|Thư viện|MÙA XUÂN
"""


def list_sound() -> list[str]:
    joined = f"{FRENCH}{OTHERS}{VIETNAMESE}".replace("\n", "|")
    return [text.strip() for text in joined.split("|") if text.strip()]


def list_demo_strings() -> list[str]:
    """Titles, names and imprints of the demo library that are Vietnamese and not plain ASCII."""
    texts: dict[str, None] = {}
    for path in sorted(LIBRARY.glob("*.toml")):
        for book in tomllib.loads(path.read_text(encoding="utf-8")).get("book", ()):
            texts.update(dict.fromkeys(normalize("NFC", book[name]) for name in ("title", "by") if book.get(name)))
    return [text for text in texts if not text.isascii() and is_vietnamese(text)]


def is_vietnamese(text: str) -> bool:
    words = LETTERS.findall(text)
    alphabet = all(sign < "\u0250" or "\u1ea0" <= sign <= "\u1ef9" for sign in text)
    return alphabet and sum(map(is_strict_syllable, words)) > 0.6 * len(words)


def invent_titles(count: int, seed: int = 7) -> list[str]:
    """Everyday syllables in a row, two to eight of them, in the four ways of capitals."""
    everyday = SYLLABLES.read_text(encoding="utf-8").partition("\n[everyday]\n")[2].partition("\n[likely]\n")[0].split()
    words = [normalize("NFC", word) for word in everyday] + ["nam", "ca", "dao", "trong", "cho", "hai", "xem", "hoa"]
    chance = random.Random(seed)
    titles = []
    for _ in range(count):
        title = " ".join(chance.choice(words) for _ in range(chance.randint(2, 8)))
        titles.append(chance.choice((title, title.capitalize(), title.title(), title.upper())))
    return titles


def list_real_values(folder: Path, limit: int) -> list[str]:
    """Values of the real MARC records that are not plain ASCII first, then others."""
    marked: dict[str, None] = {}
    plain: dict[str, None] = {}
    for path in sorted((folder / "marc").glob("*.mrc*")):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for piece in content.split(b"\x1d")[:700]:
            try:
                record = read_iso2709(piece + b"\x1d")
            except CatalogueError:
                continue
            for tag in record.having(
                ("100", "245", "246", "260", "264", "490", "500", "520", "600", "650", "700", "710")
            ):
                for field in record.get(tag):
                    for _code, value in field.subfields:
                        (plain if value.isascii() else marked)[value] = None
    return [*marked, *plain][:limit]
