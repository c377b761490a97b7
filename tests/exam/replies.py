# SPDX-License-Identifier: Apache-2.0
"""Reply files of the fixtures, taken apart and put together again in another form.

Each change keeps the meaning by RFC 9110/9112 (order and case of fields, framing) or RFC
8259 (order of members, white space, escapes). A reply that is not well formed is left as
it is: its bytes are the case."""
import json
import re

FIELD = re.compile(rb"^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*[\x20-\x7e\t\x80-\xff]*$")
FRAMING = (b"content-length", b"transfer-encoding", b"connection")


class Reply:
    def __init__(self, start, fields, body):
        self.start = start
        self.fields = fields  # [(name, value)]
        self.body = body

    def bytes(self):
        head = [self.start] + [name + b": " + value for name, value in self.fields]
        return b"\r\n".join(head) + b"\r\n\r\n" + self.body

    def get(self, name):
        return [value for key, value in self.fields if key.lower() == name]

    def without(self, *names):
        return [(key, value) for key, value in self.fields if key.lower() not in names]

    def has_holes(self):
        return b"@{" in self.body


def read(data):
    """The reply, or None when it is not well formed."""
    head, mark, body = data.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    if not mark or not re.match(rb"^HTTP/1\.[01] \d{3}( |$)", lines[0]):
        return None
    if not all(FIELD.match(line) for line in lines[1:]):
        return None
    fields = [tuple(part.strip() for part in line.split(b":", 1)) for line in lines[1:]]
    reply = Reply(lines[0], fields, body)
    lengths = reply.get(b"content-length")
    codings = reply.get(b"transfer-encoding")
    if len(lengths) + len(codings) > 1 or reply.get(b"content-encoding"):
        return None
    if lengths and lengths[0] != b"@" and lengths[0] != b"%d" % len(body):
        return None
    if codings and codings[0] != b"@chunked":
        return None
    if not body and not lengths and not codings:
        return None  # a head alone: until close, or no body by status
    return reply


# ---- the head ----

def header_order(reply, rng):
    """Fields of one name keep their order among themselves (RFC 9110, 5.3)."""
    places = list(range(len(reply.fields)))
    rng.shuffle(places)
    names = [reply.fields[i][0].lower() for i in places]
    queues = {name: [f for f in reply.fields if f[0].lower() == name] for name in names}
    return Reply(reply.start, [queues[name].pop(0) for name in names], reply.body)


def header_case(reply, rng):
    change = rng.choice([bytes.upper, bytes.lower, bytes.title, bytes.swapcase])
    return Reply(reply.start, [(change(name), value) for name, value in reply.fields],
                 reply.body)


def header_space(reply, rng):
    """Optional white space around a value, and an empty reason (RFC 9112, 4 and 5)."""
    blank = lambda: b"".join(rng.choice([b" ", b"\t", b""]) for _ in range(4))
    fields = [(name, value if name.lower() in FRAMING else blank() + value + blank())
              for name, value in reply.fields]
    return Reply(reply.start[:12] + b" ", fields, reply.body)


def warning(reply, rng):
    text = rng.choice([
        b'299 Elasticsearch-8.7.1-f229ed3f893a515d590d0f39b05f68913e2d9b53 '
        b'"this request accesses system indices: [.kibana_1]"',
        b'299 OpenSearch-2.11.1-6b1986e964d440be9137eba1413015c31c5a7752 '
        b'"[master_timeout] parameter is deprecated"',
        b'110 cache.corp.example "Response is Stale"'])
    fields = list(reply.fields)
    fields.insert(rng.randrange(len(fields) + 1), (b"Warning", text))
    return Reply(reply.start, fields, reply.body)


def proxy_fields(reply, rng):
    """What an honest proxy adds."""
    extra = [(b"Date", b"Sun, 22 Nov 2026 10:00:00 GMT"), (b"Via", b"1.1 edge.corp.example"),
             (b"X-Request-Id", b"%032x" % rng.getrandbits(128)), (b"Vary", b"Accept"),
             (b"Strict-Transport-Security", b"max-age=31536000"),
             (b"X-Padding", b"x" * rng.randrange(2000))]
    return Reply(reply.start, extra[:3] + reply.fields + extra[3:], reply.body)


# ---- how the body is sent ----

def chunked(reply, rng, size=None):
    if reply.start.startswith(b"HTTP/1.0") or reply.has_holes():
        return None
    size = size or rng.choice([3, 7, 64, 100, 1000, 4096, 65536])
    body = bytearray()
    for at in range(0, len(reply.body), size):
        part = reply.body[at:at + size]
        # llhttp 6 refuses white space around the semicolon, which no server sends
        sign = rng.choice([b"", b"", b";ext=1", b';name="a b"'])
        body += (b"%X" if rng.random() < 0.5 else b"%04x") % len(part) + sign + b"\r\n"
        body += part + b"\r\n"
    body += b"0\r\n" + (b"X-Trailer: 1\r\n" if rng.random() < 0.3 else b"") + b"\r\n"
    fields = reply.without(b"content-length", b"transfer-encoding")
    return Reply(reply.start, fields + [(b"Transfer-Encoding", b"chunked")], bytes(body))


def until_close(reply, _rng):
    if reply.start[9:12] in (b"204", b"304") or not reply.body:
        return None  # nothing, without a length, may be all or not
    fields = reply.without(b"content-length", b"transfer-encoding", b"connection")
    return Reply(reply.start, fields + [(b"Connection", b"close")], reply.body)


def http_10(reply, rng):
    out = until_close(reply, rng)
    return out and Reply(b"HTTP/1.0" + out.start[8:], out.fields, out.body)


# ---- JSON ----

class Literal(str):
    """A number as it was written."""


class Twice(ValueError):
    """A member that stands twice: its order is its meaning."""


def take(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise Twice
    return dict(pairs)


def parse(body):
    """The JSON value of a body, or None."""
    text = body.decode("utf-8").strip()
    if not text.startswith(("{", "[")) or "\x00" in text:
        return None
    return json.loads(text, object_pairs_hook=take, parse_int=Literal, parse_float=Literal)


def write(value, style, rng, depth=0):
    gap, colon, comma, quote = style(rng, depth)
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, dict):
        items = [quote(key) + colon + write(item, style, rng, depth + 1)
                 for key, item in value.items()]
        return "{" + gap + (comma + gap).join(items) + gap + "}"
    if isinstance(value, list):
        items = [write(item, style, rng, depth + 1) for item in value]
        return "[" + gap + (comma + gap).join(items) + gap + "]"
    return {True: "true", False: "false", None: "null"}[value]


def plain(text):
    return json.dumps(text, ensure_ascii=False)


def escaped(text):
    units = text.encode("utf-16-be")
    return '"' + "".join("\\u%02x%02X" % (units[i], units[i + 1])
                         for i in range(0, len(units), 2)) + '"'


def compact(_rng, _depth):
    return "", ":", ",", plain


def airy(rng, depth):
    gap = rng.choice(["\n" + "  " * depth, "\r\n\t", " ", ""])
    return gap, rng.choice([" : ", ":\n", "\t:"]), rng.choice([",", " ,"]), plain


def all_escaped(_rng, _depth):
    return "", ":", ",", escaped


def each_object(value, change):
    if isinstance(value, dict):
        return change({key: each_object(item, change) for key, item in value.items()})
    if isinstance(value, list):
        return [each_object(item, change) for item in value]
    return value


def is_map(value):
    """An object whose keys are data (`_aliases`: index names): no member may be added."""
    return bool(value) and all(isinstance(item, dict) for item in value.values())


def json_reply(reply, value, style, rng):
    if not reply.get(b"content-length") and not reply.get(b"transfer-encoding"):
        return Reply(reply.start, reply.fields, write(value, style, rng).encode())
    fields = [(name, b"@" if name.lower() == b"content-length" else text)
              for name, text in reply.fields]
    return Reply(reply.start, fields, write(value, style, rng).encode())


def json_of(reply):
    try:
        value = parse(reply.body)
    except ValueError:
        return None
    return value if isinstance(value, (dict, list)) else None


def key_order(reply, rng):
    value = json_of(reply)
    if value is None:
        return None

    def shuffle(item):
        keys = list(item)
        rng.shuffle(keys)
        return {key: item[key] for key in keys}
    return json_reply(reply, each_object(value, shuffle), compact, rng)


def row_order(reply, rng):
    """Rows of a list come in the order of a hash map: no order of theirs may matter."""
    value = json_of(reply)
    if not isinstance(value, list) or len(value) < 2:
        return None
    rng.shuffle(value)
    return json_reply(reply, value, compact, rng)


def white_space(reply, rng):
    value = json_of(reply)
    return value is not None and json_reply(reply, value, airy, rng) or None


def compacted(reply, rng):
    value = json_of(reply)
    return value is not None and json_reply(reply, value, compact, rng) or None


def escapes(reply, rng):
    value = json_of(reply)
    if value is None or reply.has_holes() or len(reply.body) > 200000:
        return None
    return json_reply(reply, value, all_escaped, rng)


def extra_key(reply, rng):
    value = json_of(reply)
    if value is None or value in ({}, []):
        return None  # nothing in it is what says that it is nothing
    news = [("x_unknown", Literal("17")), ("x_unknown", {"tagline": "no", "index": []}),
            ("x_unknown", ["number", None, True]), ("x_unknown", "records")]

    def add(item):
        if is_map(item):
            return item
        key, new = rng.choice(news)
        first = rng.random() < 0.5
        return {key: new, **item} if first else {**item, key: new}
    return json_reply(reply, each_object(value, add), compact, rng)


CHANGES = {
    "header order": header_order, "header case": header_case, "header space": header_space,
    "added Warning": warning, "proxy's fields": proxy_fields, "chunked": chunked,
    "until close": until_close, "HTTP/1.0": http_10, "key order": key_order, "row order": row_order,
    "white space": white_space, "compact JSON": compacted, "escapes": escapes,
    "unknown key": extra_key,
}
