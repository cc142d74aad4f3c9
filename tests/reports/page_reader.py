"""A page taken apart: its headings, and the tables under them."""

from html.parser import HTMLParser


class PageReader(HTMLParser):
    """The tables of a page, as lists of rows, by the headings before them; and all its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.headings: list[str] = []
        self.verdicts: list[str] = []
        self.labels: list[str] = []
        self._tag = ""
        self._in_verdict = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "aria-label" in given:
            self.labels.append(given["aria-label"])
        if tag in ("h1", "h2"):
            self.headings.append("")
        if tag == "div":
            self._in_verdict = given.get("class") == "verdict"
        if tag == "p" and self._in_verdict:
            self.verdicts.append("")
        if tag == "table":
            self.tables[self._title] = []
        if tag == "tr":
            self.tables[self._title].append([])
        if tag in ("td", "th"):
            self.tables[self._title][-1].append("")
        self._tag = tag

    def handle_endtag(self, tag):
        if tag == "div":
            self._in_verdict = False
        self._tag = ""

    def handle_data(self, data):
        if self._tag in ("h1", "h2"):
            self.headings[-1] += data
        if self._tag in ("td", "th"):
            self.tables[self._title][-1][-1] += data
        if self._tag == "p" and self._in_verdict:
            self.verdicts[-1] += data

    @property
    def _title(self):
        return self.headings[-1]
