"""A catalogue of hand-made editions for the pages' tests: it answers without engine, store or text analysis."""

from collections import Counter
from collections.abc import Sequence

from lienthu.edition import Edition, Topics
from lienthu.errors import EngineUnavailable, Gone, NotFound
from lienthu.harvest_run import HarvestCounts, HarvestRun
from lienthu.holding import Holding
from lienthu.partner import Feed, Partner
from lienthu.record import Agent, Classification, Identifier, Link, Publication, Subject, Title
from lienthu.search import FACETS, UNKNOWN, FacetValue
from search_api.answer import Answer, Asked, FeedStanding, Found, PartnerStanding

LONG_TITLE = (
    "Tri thức dân gian và nghi lễ truyền thống trong sản xuất nông nghiệp của người Hà Nhì Đen ở thôn Lao Chải "
    "(Lào Cai), có đối chiếu với các nhóm Hà Nhì khác ở Vân Nam, Lai Châu và Điện Biên"
)
PARTNERS = {
    partner.id: partner
    for partner in (
        Partner(
            id="laocai",
            name={"vi": "Thư viện tỉnh Lào Cai", "en": "Lào Cai Provincial Library", "zh": "老街省图书馆"},
            area="Lào Cai",
            type="public",
            phone="0214 3 840 034",
            homepage="https://thuvien.laocai.example/",
            record_url="https://thuvien.laocai.example/record/{source_id}",
            feed=(Feed(id="oai", protocol="oai-pmh"),),
        ),
        Partner(
            id="muonghum",
            name={"vi": "Thư viện Trường Tiểu học Mường Hum"},
            area="Lào Cai",
            type="school",
            feed=(Feed(id="file", protocol="file"),),
        ),
        Partner(
            id="taybac",
            name={"vi": "Thư viện Đại học Tây Bắc", "en": "Tây Bắc University Library", "zh": "西北大学图书馆"},
            area="Sơn La",
            type="university",
            homepage="javascript:alert(1)",
            record_url="https://lib.taybac.example/id/{source_id}?from=union",
            feed=(Feed(id="web", protocol="spider"),),
        ),
        *(
            Partner(
                id=f"tinh{number}",
                name={"vi": f"Thư viện tỉnh số {number}", "en": f"Provincial Library No. {number}"},
                area="Nơi khác" if number < 9 else "",
                country="VN" if number < 9 else "FR",
                type="public",
                feed=(Feed(id="oai", protocol="oai-pmh"), Feed(id="tep", protocol="file")),
            )
            for number in range(1, 11)
        ),
    )
}


def hold(partner_id: str, **changes: object) -> Holding:
    """One copy, with what a test says of it."""
    return Holding(partner_id=partner_id, record=f"{partner_id}/oai/1", **changes)  # type: ignore[arg-type]


EDITIONS = (
    Edition(
        id="lt1",
        members=(
            "laocai/oai/oai:lc:TVL 140004940/a?b",
            "muonghum/file/1",
            "taybac/web/https://x/../y",
            *(f"tinh{number}/oai/1" for number in range(1, 8)),
        ),
        title=Title(main="Lễ cưới của người Pa Dí ở huyện Mường Khương tỉnh Lào Cai", responsibility="Nguyễn Thị Lành"),
        agents=(Agent(name="Nguyễn Thị Lành", key="nguyễn thị lành", roles=("aut",)),),
        publication=Publication(place="Hà Nội", publisher="Thời đại", publisher_key="thời đại", date="2013", year=2013),
        languages=("vi",),
        extent="197 tr. ; 21 cm",
        subjects=(
            Subject(text="Lễ cưới - Người Pa Dí", key="lễ cưới"),
            Subject(text="Phong tục", key="phong tục", kind="keyword"),
        ),
        classifications=(Classification(scheme="ddc", number="392.509597167"),),
        identifiers=(Identifier(kind="isbn", value="9786049305900", written="978-604-930-590-0"),),
        abstract="Giới thiệu khái quát về người Pa Dí; các nghi thức trong lễ cưới và những biến đổi hiện nay.",
        notes=("ĐTTS ghi: Hội Văn nghệ dân gian Việt Nam",),
        series=("Dự án công bố, phổ biến tài sản văn hóa dân gian Việt Nam",),
        price="89.000 đ",
        topics=Topics(peoples=("pa dí", "tày"), places=("lào cai",)),
        holdings=(
            *(
                hold(
                    "laocai",
                    location="Kho mượn, cơ sở Yên Bái",
                    call_number="392.5 L250C",
                    accession_number=f"VN.0{n}",
                    status="available",
                    as_of="2026-11-20T18:30:00Z",
                )
                for n in range(1234, 1236)
            ),
            hold(
                "laocai",
                location="Phòng địa chí",
                call_number="ĐC 392.5 L250C",
                accession_number="ĐC.00321",
                status="reference",
                as_of="2026-11-20T18:30:00Z",
            ),
            hold("taybac", location="Kho mở tầng 2", call_number="392.5 NG-L", status="unknown"),
            hold("muonghum", call_number="39", status="on_loan", as_of="2026-11-01"),
            *(hold(f"tinh{n}", call_number=f"39{n}", status="unknown") for n in range(1, 8)),
        ),
    ),
    Edition(
        id="lt2",
        members=("laocai/oai/2",),
        title=Title(main="Vật lý học đại cương", subtitle="Cơ học và nhiệt học", volume="T.1", volume_key="1"),
        agents=tuple(
            Agent(name=name, key=name.lower())
            for name in ("Nguyễn Viết Kính", "Bạch Thành Công", "Phan Văn Thích", "Trần Văn A", "Lê B")
        ),
        publication=Publication(
            place="Hà Nội", publisher="Nxb. Đại học Quốc gia Hà Nội", publisher_key="đhqghn", date="[2005]", year=2005
        ),
        languages=("vi",),
        extent="260 tr.",
        holdings=tuple(
            hold(
                "laocai",
                location=f"Kho {n % 11}",
                call_number=f"530 VL{n % 13}",
                accession_number=f"VN{n}",
                status=("on_loan", "available")[n % 7 == 0],
                as_of="2026-11-20",
            )
            for n in range(40)
        ),
    ),
    Edition(
        id="lt3",
        members=("taybac/web/3",),
        title=Title(main="瑶族文化史", parallel=("Yáo zú wénhuà shǐ",)),
        agents=(Agent(name="玉时阶", key="玉时阶"),),
        publication=Publication(
            place="北京", publisher="民族出版社", publisher_key="民族出版社", date="2007", year=2007
        ),
        languages=("zh",),
        extent="3, 412 页",
        holdings=(hold("taybac", call_number="K285.1", status="on_loan", as_of="2026-11-18"),),
        links=(Link(url="https://books.example.cn/yao", access="login"),),
    ),
    Edition(
        id="lt4",
        members=("muonghum/file/4",),
        title=Title(main='<script>alert(1)</script> & "Đại Thư"', subtitle="<b>Song ngữ</b>: Dao-Việt"),
        languages=("ium", "vi"),
        type="manuscript",
        links=(Link(url="javascript:alert(1)"), Link(url='https://doc.example/a?b=1&c="2"', access="open")),
    ),
    Edition(
        id="lt5",
        members=("laocai/oai/5",),
        title=Title(main=LONG_TITLE),
        agents=(
            Agent(name="Dương Tuấn Nghĩa", key="dương tuấn nghĩa", roles=("com", "edt")),
            Agent(name="Hội Văn nghệ dân gian Việt Nam", key="hội", kind="corporate"),
        ),
        publication=Publication(publisher="Văn hóa dân tộc", publisher_key="văn hóa dân tộc", year=2011),
        type="thesis",
        holdings=(hold("laocai", call_number="390 TR300T"),),
    ),
    *(
        Edition(
            id=f"more{number}",
            members=(f"laocai/oai/m{number}",),
            title=Title(main=f"Truyện cổ và dân ca nghi lễ dân tộc Tày, quyển {number}"),
            agents=(Agent(name=f"Tác giả {number}", key=f"tác giả {number}"),),
            publication=Publication(
                place="H.",
                publisher=f"Thanh niên {number % 9}",
                publisher_key=f"tn{number % 9}",
                date=str(1950 + number),
                year=1950 + number,
            ),
            languages=("vi", "tyz"),
            subjects=(Subject(text=f"Dân tộc Tày - đề tài {number % 12}", key=f"tày {number % 12}"),),
            extent="590 tr. ; 20 cm",
            holdings=(hold("laocai", call_number="398.2", status="available", as_of="2026-11-20"),),
        )
        for number in range(60)
    ),
)


class StubCatalogue:
    """Finds editions whose title holds every word, compared in lower case."""

    partners = PARTNERS
    broken = False

    def search(self, asked: Asked) -> Answer:
        if self.broken:
            raise EngineUnavailable("No index answers yet.")
        named = [edition for edition in EDITIONS if _has_words(edition, asked.q)]
        matched = [edition for edition in named if _passes(edition, asked)]
        start = (asked.page - 1) * asked.size
        return Answer(
            asked=asked,
            total=len(matched),
            strict_total=0 if "rộng" in asked.q else len(matched),
            found=tuple(
                Found(edition=edition, highlights=_mark(edition, asked.q))
                for edition in matched[start : start + asked.size]
            ),
            facets={facet: _count(named, facet, asked) for facet in FACETS},
            widened="rộng" in asked.q,
            corrections=("thư viện",) if asked.q == "thuw vieen" else (),
            read_as=(("phrase", "phong tục"), ("not", "Nùng")) if '"' in asked.q else (),
        )

    def find_edition(self, edition_id: str) -> Edition:
        if edition_id == "gone":
            raise Gone("It is gone.", title="Sách đã rút", authors=["Tô Hoài"], year=1960, partner_ids=["laocai", "x"])
        wanted = "lt1" if edition_id == "merged" else edition_id
        for edition in EDITIONS:
            if edition.id == wanted:
                return edition
        raise NotFound("There is no edition {id}.", id=edition_id)

    def list_partners(self) -> tuple[PartnerStanding, ...]:
        verdicts = ("complete", "incomplete", "held", "failed", "running", None)
        return tuple(
            PartnerStanding(
                partner=partner,
                feeds=tuple(
                    _stand(partner, feed, verdicts[(place + turn) % 6]) for turn, feed in enumerate(partner.feeds)
                ),
                records=1234 * place,
                editions=1234 * place,
                only_here=321 * place,
            )
            for place, partner in enumerate(PARTNERS.values())
        )


def _stand(partner: Partner, feed: Feed, verdict: str | None) -> FeedStanding:
    if verdict is None:
        return FeedStanding(feed_id=feed.id)
    counts = HarvestCounts(promised=1240, received=1240 if verdict == "complete" else 800, stored=800)
    run = HarvestRun(
        id=1, partner_id=partner.id, feed_id=feed.id, verdict=verdict, counts=counts, started="2026-11-20T17:00:00Z"
    )  # type: ignore[arg-type]
    return FeedStanding(feed_id=feed.id, last_run=run, last_complete="2026-11-20T18:00:00Z")


def _has_words(edition: Edition, q: str) -> bool:
    text = edition.title.main.lower()
    return all(word in text for word in q.replace('"', "").replace("rộng", "").lower().split())


def _values(edition: Edition, facet: str) -> Sequence[tuple[str, str]]:
    publication, topics = edition.publication, edition.topics
    decade = f"{publication.year // 10 * 10}-{publication.year // 10 * 10 + 9}" if publication.year else UNKNOWN
    return {
        "partner": [(partner_id, partner_id) for partner_id in edition.partner_ids],
        "language": [(code, code) for code in edition.languages],
        "type": [(edition.type, edition.type)],
        "author": [(agent.key, agent.name) for agent in edition.agents],
        "subject": [(subject.key, subject.text) for subject in edition.subjects],
        "publisher": [(publication.publisher_key, publication.publisher)] if publication.publisher else [],
        "access": [("library", "library")] if edition.holdings else [("online", "online")],
        "year": [(decade, decade)],
        "series": [(series.lower(), series) for series in edition.series],
        "publication_place": [(publication.place.lower(), publication.place)] if publication.place else [],
        "ddc": [(number.number[:3],) * 2 for number in edition.classifications if number.scheme == "ddc"],
        "class": [(value, value) for value in topics.classes],
        "school_subject": [(value, value) for value in topics.school_subjects],
        "textbook_set": [(value, value) for value in topics.textbook_sets],
        "kind": [(value, value) for value in topics.kinds],
        "people": [(value, value) for value in topics.peoples],
        "place": [(value, value) for value in topics.places],
    }[facet]  # type: ignore[return-value]


def _passes(edition: Edition, asked: Asked, but: str = "") -> bool:
    for facet, chosen in asked.filters.items():
        if facet != but and not {value for value, _ in _values(edition, facet)} & set(chosen):
            return False
    return not asked.year or but == "year" or _values(edition, "year")[0][0] == asked.year


def _count(named: Sequence[Edition], facet: str, asked: Asked) -> tuple[FacetValue, ...]:
    counts = Counter(pair for edition in named if _passes(edition, asked, facet) for pair in _values(edition, facet))
    chosen = asked.filters.get(facet, ())
    return tuple(FacetValue(value, label, count, value in chosen) for (value, label), count in counts.most_common(20))


def _mark(edition: Edition, q: str) -> dict[str, tuple[tuple[int, int], ...]]:
    text = edition.title.main.lower()
    places = [(text.find(word), text.find(word) + len(word)) for word in q.lower().split() if word in text]
    return {"title": tuple(places)}
