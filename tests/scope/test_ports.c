/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/scope.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

/* "9200 9201/https": what was parsed, in its order. */
static void shown(const struct ajar_port *ports, size_t count, char *out, size_t size)
{
    static const char *const words[] = {"", "/http", "/https"};
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && len + 16 < size; i++)
    {
        len += (size_t)snprintf(out + len, size - len, "%s%u%s", i > 0 ? " " : "",
                                ports[i].port, words[ports[i].scheme]);
    }
}

Test(ports, are_read)
{
    static const char *const cases[][2] = {
        {"9200", "9200"},
        {" 9200 , 443 / https ", "9200 443/https"},
        {"9200-9203", "9200 9201 9202 9203"},
        {"9200 - 9201/http", "9200/http 9201/http"},
        {"9200-9201, 443/https, 9200/http", "9200/http 9201 443/https"},
        {"9200/http, 9200-9201", "9200/http 9201"},
        {"9200,9200,9200", "9200"},
        {"9200/http,9200/http", "9200/http"},
        {"9200/auto", "9200"},
        {"1,65535", "1 65535"},
        {"65535-65535", "65535"},
        {AJAR_DEFAULT_PORTS, "9200 9201 9202 9203 9204 9205 9243 443/https"},
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(cases); i++)
    {
        struct ajar_port ports[AJAR_MAX_PORTS_PER_SECTION];
        size_t count = 0;
        unsigned column = 77;
        const char *what = NULL;
        char text[256];
        cr_assert_eq(
            ajar_ports_parse(ajar_span_of(cases[i][0]), ports, &count, &column, &what),
            AJAR_OK, "%s", cases[i][0]);
        shown(ports, count, text, sizeof text);
        cr_assert_str_eq(text, cases[i][1]);
        cr_assert_eq(column, 77);
    }
}

struct bad_ports
{
    const char *text;
    int status;
    unsigned column;
    const char *what;
};

Test(ports, faults_have_a_place)
{
    static const struct bad_ports cases[] = {
        {"", AJAR_ESYNTAX, 1, "a port is missing here"},
        {"9200,", AJAR_ESYNTAX, 6, "a port is missing here"},
        {",9200", AJAR_ESYNTAX, 1, "a port is missing here"},
        {"9200, ,1", AJAR_ESYNTAX, 7, "a port is missing here"},
        {"0", AJAR_ESYNTAX, 1, "a port is a number from 1 to 65535"},
        {"9200, 65536", AJAR_ESYNTAX, 7, "a port is a number from 1 to 65535"},
        {"99999999999999999999999", AJAR_ESYNTAX, 1,
         "a port is a number from 1 to 65535"},
        {"0-5", AJAR_ESYNTAX, 1, "a port is a number from 1 to 65535"},
        {"92oo", AJAR_ESYNTAX, 1, "this is not a port number"},
        {"+9200", AJAR_ESYNTAX, 1, "this is not a port number"},
        {"9200 9201", AJAR_ESYNTAX, 1, "this is not a port number"},
        {"9200-", AJAR_ESYNTAX, 6, "a port is missing here"},
        {"-9200", AJAR_ESYNTAX, 1, "a port is missing here"},
        {"9205-9200", AJAR_ESYNTAX, 1, "the last port is below the first"},
        {"9200/tls", AJAR_ESYNTAX, 6, "unknown port scheme"},
        {"9200/", AJAR_ESYNTAX, 6, "unknown port scheme"},
        {"9200/HTTP", AJAR_ESYNTAX, 6, "unknown port scheme"},
        {"1, 9200/http, 9200/https", AJAR_ESYNTAX, 15, "this port has two schemes"},
        {"1-256, 257", AJAR_ELIMIT, 8, "more than 256 ports"},
        {"1-65535", AJAR_ELIMIT, 1, "more than 256 ports"},
    };
    for (size_t i = 0; i < AJAR_COUNT_OF(cases); i++)
    {
        struct ajar_port ports[AJAR_MAX_PORTS_PER_SECTION];
        size_t count = 99;
        unsigned column = 0;
        const char *what = NULL;
        cr_assert_eq(
            ajar_ports_parse(ajar_span_of(cases[i].text), ports, &count, &column, &what),
            cases[i].status, "%s", cases[i].text);
        cr_assert_str_eq(what, cases[i].what, "%s", cases[i].text);
        cr_assert_eq(column, cases[i].column, "%s: %u", cases[i].text, column);
        cr_assert_eq(count, 99);
    }
}

Test(ports, as_many_as_allowed)
{
    struct ajar_port ports[AJAR_MAX_PORTS_PER_SECTION];
    size_t count = 0;
    unsigned column = 0;
    const char *what = NULL;
    cr_assert_eq(ajar_ports_parse(ajar_span_of("1-256"), ports, &count, &column, &what),
                 AJAR_OK);
    cr_assert_eq(count, 256);
    struct ajar_span nothing = {NULL, 0};
    cr_assert_eq(ajar_ports_parse(nothing, ports, &count, &column, &what), AJAR_ESYNTAX);
}
