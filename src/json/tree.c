/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "scan.h"

/*
 * cJSON takes two or three blocks of memory a member and reads its digits through the
 * locale; a visit of an open cluster spent 45 % of its instructions there. The grammar
 * was settled by the scan, so what is left is to cut the text up: separators carry
 * nothing any more, and each string ends where its closing quote stood.
 */
struct tree
{
    struct cJSON *nodes;
    size_t count;
    size_t used;
    char *at;
    char *end; /* of the text's copy; a NUL stands there */
    char *key; /* the member name whose value comes next */
    unsigned depth;
    struct cJSON *parents[AJAR_MAX_JSON_DEPTH];
};

static void append_child(struct cJSON *parent, struct cJSON *node)
{
    if (parent->child == NULL)
    {
        parent->child = node;
    }
    else
    {
        node->prev = parent->child->prev;
        node->prev->next = node;
    }
    parent->child->prev = node; /* as cJSON: the first one's prev is the last */
}

/* The next node, in its place; NULL when the scan counted fewer. */
static struct cJSON *add_node(struct tree *tree, int type)
{
    if (tree->used == tree->count)
    {
        return NULL;
    }
    struct cJSON *node = &tree->nodes[tree->used++];
    /* valueint stays 0: nothing here is counted in 31 bits */
    *node = (struct cJSON){.type = type, .string = tree->key};
    tree->key = NULL;
    if (tree->depth > 0)
    {
        append_child(tree->parents[tree->depth - 1], node);
    }
    return node;
}

/* Where the string that begins at `at` has its closing quote. */
static char *closing_quote(const struct tree *tree, char *at, bool *out_escaped)
{
    *out_escaped = false;
    for (;;)
    {
        at += scan_plain_run(at, tree->end);
        if (at == tree->end || *at != '\\')
        {
            return at;
        }
        *out_escaped = true;
        at += tree->end - at >= 2 ? 2 : 1;
    }
}

/* The string behind the quote at hand, made a text in place; NULL for a lone surrogate,
 * which is no character and has no UTF-8. */
static char *take_text(struct tree *tree)
{
    bool escaped;
    char *text = tree->at + 1;
    char *end = closing_quote(tree, text, &escaped);
    if (end == tree->end)
    {
        return NULL;
    }
    tree->at = end + 1;
    if (escaped)
    {
        bool lone;
        end = text + unescape_in_place(text, (size_t)(end - text), &lone);
        if (lone)
        {
            return NULL;
        }
    }
    *end = '\0';
    return text;
}

static bool take_string(struct tree *tree)
{
    char *text = take_text(tree);
    if (text == NULL)
    {
        return false;
    }
    if (tree->key == NULL && tree->depth > 0 &&
        tree->parents[tree->depth - 1]->type == cJSON_Object)
    {
        tree->key = text;
        return true;
    }
    struct cJSON *node = add_node(tree, cJSON_String);
    if (node == NULL)
    {
        return false;
    }
    node->valuestring = text;
    return true;
}

/* Fractions, exponents and very long numbers, which are rare, are cJSON's: it knows what
 * strtod makes of them in which locale. It holds 63 characters. */
static bool read_rare_number(const char *text, size_t len, double *out)
{
    const char *end = NULL;
    struct cJSON *number = cJSON_ParseWithLengthOpts(text, len, &end, 0);
    if (number == NULL || end != text + len)
    {
        cJSON_Delete(number);
        return false;
    }
    *out = number->valuedouble;
    cJSON_Delete(number);
    return true;
}

static bool take_number(struct tree *tree)
{
    const char *text = tree->at;
    bool negative = *text == '-';
    const char *digits = text + (negative ? 1 : 0);
    const char *at = digits;
    uint64_t whole = 0;
    while (*at >= '0' && *at <= '9')
    {
        whole = whole * 10 + (uint64_t)(*at - '0'); /* may wrap, and is not used then */
        at++;
    }
    double number = negative ? -(double)whole : (double)whole;
    if (at - digits > 18 || *at == '.' || *at == 'e' || *at == 'E')
    {
        at += strspn(at, "0123456789.eE+-");
        if (!read_rare_number(text, (size_t)(at - text), &number))
        {
            return false;
        }
    }
    struct cJSON *node = add_node(tree, cJSON_Number);
    if (node == NULL)
    {
        return false;
    }
    node->valuedouble = number;
    tree->at += at - text;
    return true;
}

static bool take_literal(struct tree *tree, int type, size_t len)
{
    tree->at += len;
    return add_node(tree, type) != NULL;
}

static bool open_container(struct tree *tree, int type)
{
    struct cJSON *node = tree->depth < AJAR_MAX_JSON_DEPTH ? add_node(tree, type) : NULL;
    if (node == NULL)
    {
        return false;
    }
    tree->parents[tree->depth++] = node;
    tree->at++;
    return true;
}

static bool take_token(struct tree *tree)
{
    switch (*tree->at)
    {
    case '"':
        return take_string(tree);
    case '{':
        return open_container(tree, cJSON_Object);
    case '[':
        return open_container(tree, cJSON_Array);
    case '}':
    case ']':
        tree->depth -= tree->depth > 0 ? 1 : 0;
        tree->at++;
        return true;
    case 't':
        return take_literal(tree, cJSON_True, 4);
    case 'f':
        return take_literal(tree, cJSON_False, 5);
    case 'n':
        return take_literal(tree, cJSON_NULL, 4);
    case ' ':
    case '\t':
    case '\r':
    case '\n':
    case ',':
    case ':':
        tree->at++;
        return true;
    default:
        return take_number(tree);
    }
}

struct cJSON *tree_build(struct ajar_span text, size_t values)
{
    /* the scan's caller has a maximum for the text, and a value takes a byte or more */
    struct cJSON *nodes = malloc(values * sizeof *nodes + text.len + 1);
    if (nodes == NULL)
    {
        return NULL;
    }
    struct tree tree;
    tree.nodes = nodes;
    tree.count = values;
    tree.used = 0;
    tree.at = (char *)(nodes + values);
    tree.end = tree.at + text.len;
    tree.key = NULL;
    tree.depth = 0;
    memcpy(tree.at, text.data, text.len);
    *tree.end = '\0';
    bool sound = true;
    while (sound && tree.at < tree.end)
    {
        sound = take_token(&tree);
    }
    if (!sound || tree.used == 0)
    {
        free(nodes);
        return NULL;
    }
    return nodes;
}
