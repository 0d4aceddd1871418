"""Web pages that list things, in the ways in which they commonly do."""

from collections.abc import Sequence

JOBS = (
    "Backend Engineer, Fleet",
    "Gardener for the old park",
    "Senior Accountant (m/f/d)",
    "Office Manager",
    "Night Porter",
    "Data Analyst",
    "Chief of Staff",
    "Warehouse Worker",
)
PLACES = ("Berlin", "Remote", "Lyon", "Oslo")


def page(body: str, head: str = "") -> str:
    """Put a list between what surrounds one: a menu, and a footer that is a list as well."""
    menu = "".join(
        f'<li><a href="/{name.lower().replace(" ", "-")}">{name}</a></li>'
        for name in (
            "Home",
            "About us",
            "Our services",
            "Careers",
            "News and events",
            "Contact us",
            "Investor relations",
        )
    )
    legal = "".join(
        f'<li><a href="/legal/{name.lower()}">{name} policy and terms</a></li>'
        for name in ("Privacy", "Cookie", "Returns", "Shipping", "Access")
    )
    social = '<div class="social"><a href="https://facebook.com/x">Facebook</a><a href="https://x.com/x">X</a></div>'
    return (
        f"<!doctype html><html><head><title>A page</title>{head}</head><body>"
        f'<nav class="main-nav"><ul>{menu}</ul></nav><main>{body}</main>'
        f'<footer class="site-footer"><ul>{legal}</ul>{social}</footer></body></html>'
    )


def each(template: str, titles: Sequence[str] = JOBS) -> str:
    """Write one part a title: {n}, {title}, {place} and {day} (from 10) stand for what differs."""
    return "".join(
        template.format(n=n, title=title, place=PLACES[n % len(PLACES)], day=10 + n) for n, title in enumerate(titles)
    )


def page_of_jobs(head: str = "", folder: str = "/jobs/") -> str:
    """Give a careers page."""
    return page(
        f'<ul class="openings">{each(f"<li class=opening><a href={folder}{{n}}>{{title}}</a></li>")}</ul>', head
    )


_CARDS = each("""
<div class="col-md-4"><div class="card"><img src="/img/{n}.jpg"><div class="card-body">
  <h5 class="card-title">{title}</h5>
  <p class="card-text">A longer text about {title} which explains what it is about in some words.</p>
  <p class="price">€ {day}0,00</p><a class="btn btn-primary" href="/flats/{n}/details">Details</a>
</div></div></div>
""")
_POSTS = each("""
<article id="post-{n}00" class="post-{n}00 post type-post status-publish">
  <header class="entry-header">
    <h2 class="entry-title"><a href="https://example.org/2026/11/{day}/story-{n}/" rel="bookmark">{title}</a></h2>
    <time class="entry-date published" datetime="2026-11-{day}T08:00:00+00:00">November {day}, 2026</time>
    by <span class="author"><a href="/author/ann">Ann</a></span>
  </header>
  <div class="entry-summary"><p>Some summary of the story about {title}, which is long enough to be one.</p></div>
</article>
""")
_OLDER = each('<li><a href="/2026/10/{n}/old-{n}/">An older story of October: {title}</a></li>')
_ROWS = each("""
<tr class="{place}"><td>November {day}, 2026</td><td>{title}</td><td>Room 2{day}</td>
  <td><a href="/files/agenda-{n}.pdf">Agenda (PDF)</a></td></tr>
""")
_VIEWS = each("""
<div class="views-row views-row-{n}">
  <div class="views-field views-field-title"><span class="field-content"><a href="/node/5{day}">{title}</a></span></div>
  <div class="views-field views-field-created"><span class="field-content">{day}/11/2026</span></div>
</div>
""")
_THREADS = each("""
<tr class="athing" id="4{day}"><td class="title"><span class="rank">{n}.</span></td>
  <td><a id="up_{n}" href="vote?id={n}"></a></td>
  <td class="title"><span class="titleline"><a href="https://site{n}.example/{n}">{title}</a>
    (<a href="from?site=x{n}">site{n}.example</a>)</span></td></tr>
<tr><td class="subtext"><span class="subline">{day} points by <a href="user?id=u{n}">u{n}</a>
  <span class="age"><a href="item?id=4{day}">{day} hours ago</a></span></span></td></tr>
""")
_EVENT = """
<li class="event"><a href="/events/%s-{n}">{title}</a> <span class="date">%s {day}, 2026</span>
  <span class="venue">Hall {n}</span></li>
"""
_RESULT = """
<div class="result"><h2><a href="/job/%s{n}">{title}</a></h2>
  <p class="company">Acme {n}</p><p class="location">{place}</p></div>
"""
_MADE_UP = each("""
<div class="sc-465zle-1 daOXQC"><a class="sc-465zle-2 bqhLpl" href="/o/job-{n}">{title}</a>
  <div class="sc-465zle-5 kUIRzm"><span>{place}</span></div></div>
""")
_STYLED = each("""
<a class="block rounded-lg p-4" href="/careers/30{day}"><h3 class="text-lg">{title}</h3>
  <div class="flex gap-2"><i class="fas fa-map-marker-alt"></i> <span class="text-sm">{place}</span></div></a>
""")

_DESCRIBED = """
<div data-testid="job-tile"><span itemprop="title">{title}</span><a href="https://jobs.example.org/{n}">Apply</a>
  <span itemprop="jobLocation">{place}</span></div>
"""

BODIES = {
    "cards": f'<div class="row">{_CARDS}</div>',
    "a blog": f"""
        <div>{_POSTS}</div>
        <nav class="pagination"><a href="/page/2/">2</a><a class="next" href="/page/2/">Next</a></nav>
        <aside class="sidebar"><ul>{_OLDER}</ul></aside>""",
    "a table": f"""
        <table><thead><tr><th>Date</th><th>Committee</th><th>Location</th><th>Agenda</th></tr></thead>{_ROWS}</table>""",
    "rows that are numbered by their classes": f"""
        <div class="view-content">{_VIEWS}</div>
        <ul class="pager"><li class="pager-next"><a href="?page=1">next</a></li></ul>""",
    "two rows an item": f"""
        <table><tr><td><a href="newest">new</a> | <a href="front">past</a></td></tr></table>
        <table>{_THREADS}</table><a href="?p=2" rel="next">More</a>""",
    "sections": "".join(
        f"<section><h3>{month} 2026</h3><ul>{each(_EVENT % (month, month), JOBS[:3])}</ul></section>"
        for month in ("October", "November")
    ),
    "a longer list of what is only related": f"""
        <div class="results">{each(_RESULT % "", JOBS[:4])}</div>
        <div class="related-jobs">{each(_RESULT % "9")}</div>""",
    "names that a build made": f'<div class="sc-1rd450u-0 bIScAX">{_MADE_UP}</div>',
    "names of styles only": f'<div class="grid gap-4 mt-6">{_STYLED}</div>',
    "names for programs": f"""
        <section>{each(_DESCRIBED)}</section>""",
    "a plain list": f"""
        <h2>Minutes</h2><ul>{each('<li><a href="/files/2026-{day}.pdf">Minutes: {title}</a></li>')}</ul>""",
    "things without links": f"""
        <table id="units"><tr><th>Unit</th><th>Beds</th><th>Rent</th></tr>
        {each("<tr><td>#1{day}</td><td>{n}</td><td>$1,2{day}</td></tr>")}</table>""",
}
"""What lists things, by how."""
