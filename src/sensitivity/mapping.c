/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "ajar/sensitivity.h"

/*
 * A mapping as it streams in. Only what matters is told apart: where member names are
 * names of indices, of fields, or of nothing that counts; brackets are matched,
 * everything between is passed by. It is no JSON checker: a list of names needs none, and
 * a document that is not a mapping yields no field.
 */
enum step
{
    STEP_VALUE,  /* a value may begin */
    STEP_STRING, /* in a string */
    STEP_ESCAPE,
    STEP_HEX,
    STEP_SCALAR, /* in a number or a literal */
    STEP_AFTER   /* a string or container has ended */
};

/* What the members of the container at hand are. */
enum role
{
    ROLE_ROOT,   /* indices */
    ROLE_INDEX,  /* mappings, or types (0.90) */
    ROLE_PROPS,  /* fields */
    ROLE_FIELD,  /* what a field is */
    ROLE_IGNORED /* anything else, arrays included */
};

enum key
{
    KEY_OTHER,
    KEY_PROPERTIES,
    KEY_TYPE,
    KEY_INDEX, /* "index": "not_analyzed", before 5.0 */
    KEY_META /* _meta, _source, _all ...: a user's or the engine's; but _doc is a type */
};

void ajar_mapping_init(struct ajar_mapping *mapping, const struct ajar_mapping_sink *sink)
{
    memset(mapping, 0, sizeof(*mapping));
    mapping->sink = *sink;
}

static enum ajar_mapping_state bad(struct ajar_mapping *mapping)
{
    mapping->state = AJAR_MAPPING_BAD;
    return mapping->state;
}

static struct ajar_span text_of(const struct ajar_mapping *mapping)
{
    return (struct ajar_span){mapping->text, mapping->text_len};
}

/* The container around: depth 0 is outside the document. */
static uint8_t top(const struct ajar_mapping *mapping)
{
    return (uint8_t)(mapping->depth - 1);
}

static void put_byte(struct ajar_mapping *mapping, char byte)
{
    if (mapping->text_len < AJAR_MAX_INDEX_NAME)
    {
        mapping->text[mapping->text_len++] = byte;
    }
    else
    {
        mapping->text_too_long = true;
    }
}

/* An escaped unit as UTF-8; what is no character of the basic plane becomes '?'. */
static void put_unit(struct ajar_mapping *mapping, uint32_t unit)
{
    if (unit >= 0xd800 && unit <= 0xdfff)
    {
        put_byte(mapping, '?');
    }
    else if (unit < 0x80)
    {
        put_byte(mapping, unit == 0 ? '?' : (char)unit);
    }
    else if (unit < 0x800)
    {
        put_byte(mapping, (char)(0xc0 | unit >> 6));
        put_byte(mapping, (char)(0x80 | (unit & 0x3f)));
    }
    else
    {
        put_byte(mapping, (char)(0xe0 | unit >> 12));
        put_byte(mapping, (char)(0x80 | (unit >> 6 & 0x3f)));
        put_byte(mapping, (char)(0x80 | (unit & 0x3f)));
    }
}

static void append_path(struct ajar_mapping *mapping)
{
    size_t dot = mapping->path_len > 0 ? 1 : 0;
    size_t len = mapping->path_len + dot + mapping->text_len;
    if (mapping->text_too_long || len > sizeof(mapping->path))
    {
        mapping->path_too_long = true;
        return;
    }
    mapping->path[mapping->path_len] = '.';
    memcpy(mapping->path + mapping->path_len + dot, mapping->text, mapping->text_len);
    mapping->path_len = (uint16_t)len;
}

/* A member name of the container at hand is complete. */
static void end_key(struct ajar_mapping *mapping)
{
    struct ajar_span text = text_of(mapping);
    uint8_t at = top(mapping);
    mapping->key = KEY_OTHER;
    if (mapping->role[at] == ROLE_ROOT)
    {
        mapping->path_len = 0;
        mapping->sink.index(mapping->sink.context, text);
    }
    else if (mapping->role[at] == ROLE_PROPS)
    {
        mapping->path_len = mapping->base[at];
        mapping->path_too_long = false;
        append_path(mapping);
    }
    else if (mapping->text_too_long)
    {
        return;
    }
    else if (ajar_span_is(text, "properties"))
    {
        mapping->key = KEY_PROPERTIES;
    }
    else if (ajar_span_is(text, "type"))
    {
        mapping->key = KEY_TYPE;
    }
    else if (ajar_span_is(text, "index"))
    {
        mapping->key = KEY_INDEX;
    }
    else if (ajar_span_starts(text, "_") && !ajar_span_is(text, "_doc"))
    {
        mapping->key = KEY_META;
    }
}

/* A string value of the container at hand is complete. */
static void end_text(struct ajar_mapping *mapping)
{
    uint8_t at = top(mapping);
    struct ajar_span text = text_of(mapping);
    if (mapping->depth == 0 || mapping->role[at] != ROLE_FIELD || mapping->text_too_long)
    {
        return;
    }
    char *type = mapping->type[at];
    if (mapping->key == KEY_TYPE && text.len < sizeof(mapping->type[0]))
    {
        memcpy(type, text.data, text.len);
        type[text.len] = '\0';
    }
    else if (mapping->key == KEY_INDEX && ajar_span_is(text, "not_analyzed"))
    {
        memcpy(type, "keyword", sizeof("keyword"));
    }
}

static enum role role_inside(const struct ajar_mapping *mapping, bool object)
{
    if (mapping->depth == 0)
    {
        return object ? ROLE_ROOT : ROLE_IGNORED;
    }
    if (!object)
    {
        return ROLE_IGNORED;
    }
    switch ((enum role)mapping->role[top(mapping)])
    {
    case ROLE_ROOT:
        return ROLE_INDEX;
    case ROLE_INDEX: /* mappings and types, one below the other, until properties */
        if (mapping->key == KEY_PROPERTIES)
        {
            return ROLE_PROPS;
        }
        return mapping->key == KEY_META ? ROLE_IGNORED : ROLE_INDEX;
    case ROLE_PROPS:
        return ROLE_FIELD;
    case ROLE_FIELD:
        return mapping->key == KEY_PROPERTIES ? ROLE_PROPS : ROLE_IGNORED;
    case ROLE_IGNORED:
        break;
    }
    return ROLE_IGNORED;
}

static bool push(struct ajar_mapping *mapping, bool object)
{
    enum role role = role_inside(mapping, object);
    if (mapping->depth == AJAR_MAX_JSON_DEPTH)
    {
        return false;
    }
    if (role == ROLE_PROPS)
    {
        mapping->shaped = true;
        if (mapping->role[top(mapping)] == ROLE_FIELD)
        {
            mapping->has_children[top(mapping)] = true;
        }
    }
    uint8_t at = mapping->depth++;
    mapping->role[at] = (uint8_t)role;
    mapping->base[at] = mapping->path_len;
    mapping->type[at][0] = '\0';
    mapping->has_children[at] = false;
    mapping->object[at] = object;
    mapping->in_key = object;
    mapping->step = STEP_VALUE;
    return true;
}

static void end_field(struct ajar_mapping *mapping, uint8_t at)
{
    if (mapping->has_children[at])
    {
        return;
    }
    if (mapping->path_too_long)
    {
        mapping->oversized++;
        return;
    }
    struct ajar_span path = {mapping->path, mapping->base[at]};
    /* A field without a type is an object, empty so far. */
    const char *type = mapping->type[at][0] != '\0' ? mapping->type[at] : "object";
    mapping->sink.field(mapping->sink.context, path, ajar_span_of(type));
}

static void pop(struct ajar_mapping *mapping)
{
    uint8_t at = top(mapping);
    if (mapping->role[at] == ROLE_FIELD)
    {
        end_field(mapping, at);
    }
    mapping->path_len = mapping->base[at];
    mapping->depth--;
    mapping->in_key = false;
    mapping->step = STEP_AFTER;
    if (mapping->depth == 0)
    {
        mapping->state = AJAR_MAPPING_DONE;
    }
}

static void begin_text(struct ajar_mapping *mapping)
{
    mapping->text_len = 0;
    mapping->text_too_long = false;
    mapping->step = STEP_STRING;
}

static bool structure(struct ajar_mapping *mapping, char byte)
{
    switch (byte)
    {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
    case ':':
        return true;
    case ',':
        mapping->step = STEP_VALUE;
        mapping->in_key = mapping->depth > 0 && mapping->object[top(mapping)];
        return mapping->depth > 0;
    case '{':
    case '[':
        /* where a name has to stand it would be a field of no index */
        return !mapping->in_key && push(mapping, byte == '{');
    case '}':
    case ']':
        if (mapping->depth == 0 || mapping->object[top(mapping)] != (byte == '}'))
        {
            return false;
        }
        pop(mapping);
        return true;
    case '"':
        begin_text(mapping);
        return mapping->depth > 0;
    default:
        mapping->step = STEP_SCALAR;
        return mapping->depth > 0;
    }
}

static void end_string(struct ajar_mapping *mapping)
{
    mapping->step = STEP_AFTER;
    if (mapping->in_key)
    {
        end_key(mapping);
        mapping->in_key = false;
        return;
    }
    end_text(mapping);
}

static void in_string(struct ajar_mapping *mapping, char byte)
{
    if (byte == '\\')
    {
        mapping->step = STEP_ESCAPE;
    }
    else if (byte == '"')
    {
        end_string(mapping);
    }
    else
    {
        put_byte(mapping, byte);
    }
}

static void in_escape(struct ajar_mapping *mapping, char byte)
{
    if (byte == 'u')
    {
        mapping->unit = 0;
        mapping->digits = 0;
        mapping->step = STEP_HEX;
        return;
    }
    bool control = strchr("bfnrt", byte) != NULL && byte != '\0';
    put_byte(mapping, control ? ' ' : byte);
    mapping->step = STEP_STRING;
}

static bool in_hex(struct ajar_mapping *mapping, char byte)
{
    char folded = (char)(byte | 0x20);
    uint32_t digit = 0;
    if (byte >= '0' && byte <= '9')
    {
        digit = (uint32_t)(byte - '0');
    }
    else if (folded >= 'a' && folded <= 'f')
    {
        digit = (uint32_t)(folded - 'a' + 10);
    }
    else
    {
        return false;
    }
    mapping->unit = mapping->unit << 4 | digit;
    if (++mapping->digits == 4)
    {
        put_unit(mapping, mapping->unit);
        mapping->step = STEP_STRING;
    }
    return true;
}

static bool feed(struct ajar_mapping *mapping, char byte)
{
    switch ((enum step)mapping->step)
    {
    case STEP_STRING:
        in_string(mapping, byte);
        return true;
    case STEP_ESCAPE:
        in_escape(mapping, byte);
        return true;
    case STEP_HEX:
        return in_hex(mapping, byte);
    case STEP_SCALAR:
        if (strchr(",]} \t\r\n", byte) == NULL || byte == '\0')
        {
            return byte != '"' && byte != '{' && byte != '[';
        }
        mapping->step = STEP_AFTER;
        return structure(mapping, byte);
    case STEP_VALUE:
    case STEP_AFTER:
        break;
    }
    return structure(mapping, byte);
}

enum ajar_mapping_state ajar_mapping_feed(struct ajar_mapping *mapping,
                                          struct ajar_span bytes)
{
    for (size_t i = 0; i < bytes.len && mapping->state == AJAR_MAPPING_MORE; i++)
    {
        if (!feed(mapping, bytes.data[i]))
        {
            return bad(mapping);
        }
    }
    return mapping->state;
}
