/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Input: the DER of a peer's certificate. Whatever OpenSSL takes for one, the facts of it
 * are short texts without an end in the middle, and a digest and a date of their one
 * form.
 */
#include <stdint.h>
#include <string.h>

#include "facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
    AJAR_REQUIRE(text == NULL || (text[0] != '\0' && strlen(text) <= FACTS_MAX_TEXT));
}

static void check_date(const char *date)
{
    static const char form[] = "0000-00-00T00:00:00Z";
    if (date[0] == '\0')
    {
        return;
    }
    AJAR_REQUIRE(strlen(date) == sizeof(form) - 1);
    for (size_t i = 0; i < sizeof(form) - 1; i++)
    {
        bool digit = date[i] >= '0' && date[i] <= '9';
        AJAR_REQUIRE(form[i] == '0' ? digit : date[i] == form[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ajar_tls_facts facts = {0};
    const unsigned char *at = data;
    X509 *leaf = size <= 65536 ? d2i_X509(NULL, &at, (long)size) : NULL;
    if (leaf == NULL)
    {
        return 0;
    }
    facts_read(&facts, leaf);
    X509_free(leaf); /* the facts own all that they keep */
    check_text(facts.subject);
    check_text(facts.issuer);
    check_date(facts.not_after);
    AJAR_REQUIRE(strlen(facts.sha256) == 64);
    AJAR_REQUIRE(facts.name_count <= AJAR_MAX_TLS_NAMES);
    for (size_t i = 0; i < facts.name_count; i++)
    {
        AJAR_REQUIRE(facts.names[i] != NULL);
        check_text(facts.names[i]);
    }
    facts_deinit(&facts);
    return 0;
}
