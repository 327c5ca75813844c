"""Classes, school subjects, textbook sets, peoples, places and kinds, from what is written in and about a book."""

import pytest

from indexer.topics import find_topics
from lienthu.edition import NO_TOPICS, Topics
from lienthu.record import Audience, Description, DocumentType, Subject, Title
from lienthu.text import exact


def describe(
    title: str, *about: str, type: DocumentType = "book", series: tuple[str, ...] = (), notes: tuple[str, ...] = (),
    languages: tuple[str, ...] = ("vi",), audience: Audience = "",
) -> Topics:  # fmt: skip
    subjects = tuple(Subject(text=text, key=exact(text), kind="keyword") for text in about)
    return find_topics(
        Description(
            title=Title(main=title),
            type=type,
            subjects=subjects,
            series=series,
            notes=notes,
            languages=languages,
            audience=audience,
        )
    )


@pytest.mark.parametrize(
    ("title", "classes", "subject"),
    [
        ("Toán 8", "8", "toán"), ("Tiếng Việt 1", "1", "tiếng việt"), ("Bài tập Vật lí 10", "10", "vật lí"),
        ("Sách giáo viên Ngữ văn 7", "7", "ngữ văn"), ("Vở bài tập Toán lớp 3", "3", "toán"),
        ("Tiếng Anh 6 Global Success", "6", "tiếng anh"), ("Lịch sử và Địa lí 5", "5", "lịch sử và địa lí"),
        ("Khoa học tự nhiên 6", "6", "khoa học tự nhiên"), ("Đại số 10 nâng cao", "10", "toán"),
        ("Bồi dưỡng học sinh giỏi Toán lớp 4 - 5", "4 5", "toán"), ("Vật lý 12: nâng cao", "12", "vật lí"),
        ("Luyện thi đại học môn Vật lí lớp 12", "12", "vật lí"), ("Ôn luyện Toán lớp năm", "5", "toán"),
        ("小学语文 三年级 上册", "3", "ngữ văn"), ("Hoá học 8", "8", "hóa học"),
    ],
)  # fmt: skip
def test_a_school_book_has_a_class_and_a_subject(title: str, classes: str, subject: str) -> None:
    topics = describe(title)
    assert topics.classes == tuple(classes.split())
    assert topics.school_subjects == (subject,)


@pytest.mark.parametrize(
    "title",
    [
        "Toán rời rạc 2", "Vật lý đại cương", "Lịch sử Đảng bộ tỉnh Lào Cai 10", "12 con giáp", "Giải tích 1",
        "Lịch sử 10 nước Đông Nam Á", "Hóa học 1", "Giáo trình Tiếng Anh 1", "Trẻ lớp 5 tuổi", "Cánh diều tuổi thơ",
        "Địa lí 12 tỉnh miền núi", "Lịch sử 1945", "Toán 13", "Lớp tập huấn 10 ngày", "Toán học cao cấp 3",
        "Con đường vào toán", "Sinh học 2.0",
    ],
)  # fmt: skip
def test_a_number_is_not_always_a_class(title: str) -> None:
    topics = describe(title)
    assert (topics.classes, topics.school_subjects, topics.textbook_sets) == ((), (), ())


def test_the_volume_of_a_textbook_is_not_its_class() -> None:
    described = Description(title=Title(main="Tiếng Việt 1", volume="tập 2", volume_key="2"))
    assert find_topics(described).classes == ("1",)
    described = Description(title=Title(main="Toán cao cấp", volume="Tập 3", volume_key="3"))
    assert find_topics(described) is NO_TOPICS


def test_the_class_stands_in_keywords_series_and_notes_too() -> None:
    assert describe("Toán", "Lớp 5").classes == ("5",)
    assert describe("Toán", series=("Sách giáo khoa lớp 6",)).classes == ("6",)
    assert describe("Truyện đọc", notes=("Dành cho học sinh lớp 2",)).classes == ("2",)
    assert describe("Dạy Toán lớp 5 ở vùng cao", type="thesis").classes == ()


def test_a_set_that_is_also_a_kite_counts_only_in_a_school_book() -> None:
    assert describe("Toán 6", series=("Cánh Diều",)).textbook_sets == ("cánh diều",)
    assert describe("Toán", notes=("Sách giáo khoa, bộ Cánh diều",)).textbook_sets == ("cánh diều",)
    assert describe("Những cánh diều", series=("Cánh diều",)).textbook_sets == ()
    assert describe("Tin học 10 (KNTT)").textbook_sets == ("kết nối tri thức với cuộc sống",)
    assert describe("Âm nhạc", series=("Chân trời sáng tạo",)).textbook_sets == ("chân trời sáng tạo",)


@pytest.mark.parametrize(
    ("title", "peoples"),
    [
        ("Thơ ca dân gian người Dao Tuyển", "dao tuyển; dao"), ("Tang ma của người HMông ở Suối Giàng", "hmông"),
        ("Người H'Mông Hoa Bắc Hà", "hmông hoa; hmông"), ("Lễ cưới của người Pa Dí", "pa dí; tày"),
        ("Truyện cổ người Tày - người Thái", "tày; thái"), ("Các dân tộc Tày, Nùng và Dao", "tày; nùng; dao"),
        ("Thiên tình sử dân tộc Mông Đú và Đồng dao dân tộc Tày", "hmông đen; hmông; tày"), ("Then Tày", "tày"),
        ("người Hà Nhi Đen", "hà nhì đen; hà nhì"), ("người Mèo", "hmông"), ("苗族文化", "hmông"),
        ("THƠ CA DÂN GIAN NGƯỜI DAO", "dao"), ("Hmong (Asian people)", "hmông"), ("Người Lào ở Việt Nam", "lào"),
    ],
)  # fmt: skip
def test_a_people_is_found_under_its_name_and_its_branch(title: str, peoples: str) -> None:
    assert describe(title).peoples == tuple(peoples.split("; "))


@pytest.mark.parametrize(
    "title",
    [
        "Con dao", "Ca dao tục ngữ", "Dao động và sóng", "Đồng dao trẻ em", "Mèo con đi học", "Đế quốc Mông Cổ",
        "Mông lung", "Người Lào Cai", "Tiếng Việt 5", "Người Hoa Kỳ", "Tiếng Thái Lan", "Người Thái Bình",
        "Chăm sóc trẻ", "Học thầy không tày học bạn", "Người Việt Nam", "Man mán", "Kho tàng truyện cổ",
    ],
)  # fmt: skip
def test_a_word_that_is_also_something_else_is_no_people(title: str) -> None:
    assert describe(title).peoples == ()


def test_keywords_and_language_codes_tell_a_people() -> None:
    assert describe("Lễ hội", "Lễ tục - Người dao - Lào Cai").peoples == ("dao",)
    assert describe("Kab tsi", languages=("hmn",)).peoples == ("hmông",)
    assert describe("Zo", languages=("yao", "tai", "nun")).peoples == ()


def test_a_place_is_found_under_its_old_and_its_new_name() -> None:
    assert describe("Địa chí Yên Bái").places == ("yên bái", "lào cai")
    assert describe("Chợ phiên", "Chợ - Sapa").places == ("sa pa", "lào cai")
    assert describe("Thế giới hòa bình").places == ()
    assert describe("Lịch sử tỉnh Hoà Bình").places == ("hòa bình", "phú thọ")


def test_kinds_are_told_by_the_words_of_a_description() -> None:
    assert describe("Doraemon", "Truyện tranh", "Thiếu nhi").kinds == ("children", "comics")
    assert describe("Sách cổ người Dao", "Nôm Dao").kinds == ("han-nom",)
    assert describe("Tắt đèn", notes=("Bản in chữ to",)).kinds == ("large-print",)
    assert describe("Địa chí Lào Cai").kinds == ("local-studies",)
    assert describe("Toán 5", series=("Kết nối tri thức với cuộc sống",)).kinds == ("textbook",)


def test_a_book_meant_for_children_is_one_for_children_and_a_film_is_none() -> None:
    assert describe("Dế mèn phiêu lưu ký", audience="children").kinds == ("children",)
    assert describe("Dế mèn phiêu lưu ký", audience="adolescents").kinds == ("children",)
    assert describe("Dế mèn phiêu lưu ký", audience="children", type="video").kinds == ()
