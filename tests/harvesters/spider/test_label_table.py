"""Tables of labels and values, as OpenBiblio's pages have them in English and in Vietnamese."""

from parsel import Selector

from harvesters.spider.label_table import LabelTable

ENGLISH = """
<table><tr><th colspan="2">Bibliography Information:</th></tr>
<tr><td>Material Type:</td><td>book</td></tr><tr><td>Call Number:</td><td>895.922 T600</td></tr>
<tr><td>Title:</td><td>Dế mèn<br>phiêu lưu ký</td></tr><tr><td>Author:</td><td></td></tr></table>
<table><tr><th>Barcode #</th><th>Description</th><th>Status</th><th>Status Dt</th><th>Due Back</th></tr>
<tr><td>000123</td><td></td><td>checked out</td><td>2026-10-01</td><td>2026-10-15</td></tr>
<tr><td colspan="5">No more</td></tr></table>
<table><tr><td>Menu</td><td>Home</td></tr></table>
"""


def test_labels_copies_and_nothing_around_them_are_read() -> None:
    table = LabelTable(Selector(text=ENGLISH), {})
    assert table.describes_record
    assert table.fields == {
        "Material Type": ["book"], "Call Number": ["895.922 T600"], "Title": ["Dế mèn phiêu lưu ký"],
    }  # fmt: skip
    assert table.copies == [{"Barcode #": "000123", "Status": "checked out"}]


def test_a_label_that_nobody_knows_is_named_in_the_feed() -> None:
    page = Selector(text="<table><tr><td>Tên gọi:</td><td>Kiều</td></tr></table>")
    assert not LabelTable(page, {}).describes_record
    assert LabelTable(page, {"title": "tên gọi"}).describes_record


def test_a_form_is_no_record() -> None:
    page = Selector(text="<table><tr><td>Title:</td><td><input name='q'> 5</td></tr></table>")
    assert not LabelTable(page, {}).describes_record
