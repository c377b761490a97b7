/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "ajar/state.h"

struct row
{
    const char *name;
    const char *stored;
};

/* Names as they were found on open clusters, with the persons changed, and the numbers
 * that every index name is full of. */
static const struct row rows[] = {
    {"john.doe@contoso.com", "[email]"},
    {"users-john.doe@contoso.com", "[email]"},
    {"mail of john.doe+x@mail.contoso.co.uk done", "mail of [email] done"},
    {"XYZ @contoso com", "[email]"},
    {"xyz at contoso dot com", "[email]"},
    {"case xyz at contoso dot com closed", "case [email] closed"},
    {"xyz (at) contoso (dot) com", "[email]"},
    {"xyz[at]contoso.com", "[email]"},
    {"xyz_at_contoso_com", "[email]"},
    {"xyz at contoso dot co dot uk", "[email]"},
    {"m\xc3\xbcller@contoso.de", "[email]"},
    {"look at me now", "look at me now"},
    {"data-at-rest", "data-at-rest"},
    {"chat-history", "chat-history"},
    {"customers-+49 171 1234567", "customers-[phone]"},
    {"call-01711234567", "call-[phone]"},
    {"555-123-4567", "[phone]"},
    {"(555) 123-4567", "[phone]"},
    {"tel-5551234567", "tel-[phone]"},
    {"card-4111111111111111", "card-[card]"},
    {"card-4111-1111-1111-1111", "card-[card]"},
    {"card-4111111111111112", "card-4111111111111112"},
    {"ssn-078-05-1120", "ssn-[national-id]"},
    {"ssn-000-12-3456", "ssn-000-12-3456"},
    {"dni-12345678Z", "dni-[national-id]"},
    {"dni-12345678A", "dni-12345678A"},
    {"nino-QQ123456C", "nino-QQ123456C"}, /* QQ is never given out */
    {"nino-AB123456C", "nino-[national-id]"},
    {"RSSMRA85T10A562S", "[national-id]"},
    {"pesel-44051401359", "pesel-[national-id]"},
    {"cpf-529.982.247-25", "cpf-[national-id]"},
    {"id-11010519491231002X", "id-[national-id]"},
    /* none of these is anybody */
    {"logs-2019.12.04", "logs-2019.12.04"},
    {".ds-logs-2024.01.31-000001", ".ds-logs-2024.01.31-000001"},
    {"logs-20191204", "logs-20191204"},
    {"logs-2019120413", "logs-2019120413"},
    {"logs-201912041330", "logs-201912041330"},
    {"backup-20191204133059", "backup-20191204133059"},
    {"epoch-1574467200", "epoch-1574467200"},
    {"epoch-1574467200123", "epoch-1574467200123"},
    {"metricbeat-7.17.9-2019.12.04-000012", "metricbeat-7.17.9-2019.12.04-000012"},
    {"shard-000000001234", "shard-000000001234"},
    {"ilm-history-2-000001", "ilm-history-2-000001"},
    {"orders", "orders"},
    {"", ""},
};

static void redact(const char *name, struct ajar_redact_counts *counts, char out[256])
{
    struct ajar_buf buf;
    ajar_buf_init(&buf, 4096);
    cr_assert_eq(ajar_redact(ajar_span_of(name), &buf, counts), AJAR_OK);
    cr_assert_lt(buf.len, 256);
    memcpy(out, buf.data != NULL ? buf.data : "", buf.len);
    out[buf.len] = '\0';
    ajar_buf_deinit(&buf);
}

Test(redact, names)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(rows); i++)
    {
        char out[256];
        redact(rows[i].name, NULL, out);
        cr_expect_str_eq(out, rows[i].stored, "%s: %s", rows[i].name, out);
    }
}

Test(redact, counts_by_kind)
{
    struct ajar_redact_counts counts = {{0}};
    char out[256];
    redact("a@b.com-c@d.com", &counts, out);
    redact("4111111111111111 and x at contoso dot com", &counts, out);
    redact("+4917112345678", &counts, out);
    cr_expect_geq(counts.by_kind[AJAR_REDACT_EMAIL], 2u);
    cr_expect_eq(counts.by_kind[AJAR_REDACT_CARD], 1u);
    cr_expect_eq(counts.by_kind[AJAR_REDACT_PHONE], 1u);
    cr_expect_eq(counts.by_kind[AJAR_REDACT_NATIONAL_ID], 0u);
}

/* Every byte string is an index name to a stranger's server: cut anywhere, with any byte
 * in any place, it ends and stays in bounds. */
Test(redact, any_bytes)
{
    for (size_t i = 0; i < AJAR_COUNT_OF(rows); i++)
    {
        size_t len = strlen(rows[i].name);
        for (size_t cut = 0; cut <= len; cut++)
        {
            for (int byte = -1; byte < 256; byte += 17)
            {
                char *copy =
                    malloc(len + 1); /* its own size, so that ASan guards its end */
                struct ajar_buf out;
                memcpy(copy, rows[i].name, cut);
                if (byte >= 0 && cut > 0)
                {
                    copy[cut - 1] = (char)byte;
                }
                char *exact = realloc(copy, cut > 0 ? cut : 1);
                ajar_buf_init(&out, 8192);
                cr_assert_eq(ajar_redact((struct ajar_span){exact, cut}, &out, NULL),
                             AJAR_OK);
                ajar_buf_deinit(&out);
                free(exact);
            }
        }
    }
}
