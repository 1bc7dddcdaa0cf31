"""What a server could say: anything, as the laxest parser of JSON gives it."""

from hypothesis import strategies as st

# The standard library's parser lets through what orjson refuses: half a surrogate pair,
# NaN, whole numbers of any length, any depth.
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.text(st.characters(), max_size=20),
    st.sampled_from(["1", "40", "-1", "1e999", "nan", "true", "started", "updated"]),
    st.text(max_size=3).map(lambda text: text * 1000),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=4),
    ),
    max_leaves=12,
)


def maybe(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """Return objects that have any of the fields, rightly filled or with anything."""
    optional = {name: st.one_of(value, JSON) for name, value in fields.items()}
    return st.fixed_dictionaries({}, optional=optional)


ROWS = maybe(
    uuid=st.sampled_from(["a", "b", 7]),
    type=st.sampled_from(["library.update.section", "butler"]),
    title=st.text(max_size=10),
    subtitle=st.text(max_size=10),
    progress=st.integers(-1, 100),
    cancellable=st.booleans(),
    userID=st.integers(0, 9),
    Context=maybe(librarySectionID=st.sampled_from(["1", 2])),
    Response=st.dictionaries(st.text(), JSON, max_size=3),
)
NOTIFICATIONS = maybe(
    event=st.sampled_from(["started", "updated", "ended", "paused"]),
    uuid=st.sampled_from(["a", "b", 7]),
    Activity=ROWS,
)
CONTENTS = maybe(
    type=st.sampled_from(["activity", "timeline"]),
    size=st.integers(0, 2),
    ActivityNotification=st.one_of(NOTIFICATIONS, st.lists(NOTIFICATIONS, max_size=3)),
    TimelineEntry=st.lists(JSON, max_size=2),
)
FRAMES = st.one_of(maybe(NotificationContainer=CONTENTS), CONTENTS, JSON)
