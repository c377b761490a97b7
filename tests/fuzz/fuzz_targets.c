/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Input: a targets file. Whatever it says, there are remarks or a scope, never both
 * errors and a scope; and what the scope enumerates it also permits, each address once.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ajar/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Hosts that are looked at one by one; a large scope is sampled. */
#define LOOKED_AT 64u

static void check_host(const struct ajar_scope *scope, uint64_t index,
                       struct ajar_addr *before, bool has_before)
{
    struct ajar_addr addr;
    const struct ajar_section *section = NULL;
    struct ajar_permit *permit = NULL;
    AJAR_REQUIRE(ajar_scope_host_at(scope, index, &addr, &section) == AJAR_OK);
    AJAR_REQUIRE(section != NULL && section->port_count > 0);
    AJAR_REQUIRE(!has_before || ajar_addr_compare(before, &addr) < 0);
    AJAR_REQUIRE(ajar_scope_permit(scope, &addr, section->ports[0].port, &permit) ==
                 AJAR_OK);
    AJAR_REQUIRE(ajar_permit_section(permit) == section);
    AJAR_REQUIRE(ajar_permit_is_valid(permit));
    ajar_permit_release(permit);
    *before = addr;
}

static void check_scope(const struct ajar_scope *scope)
{
    struct ajar_addr before = {{0}};
    uint64_t count = ajar_scope_host_count(scope);
    uint64_t step = count / LOOKED_AT + 1;
    for (uint64_t index = 0; index < count; index += step)
    {
        check_host(scope, index, &before, index > 0);
    }
    AJAR_REQUIRE(ajar_scope_target_count(scope) >= count);
    AJAR_REQUIRE(strlen(ajar_scope_digest(scope)) == 64);
    AJAR_REQUIRE(!ajar_scope_is_stale(scope));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    char *copy = malloc(size > 0 ? size : 1); /* exactly as large, for AddressSanitizer */
    AJAR_REQUIRE(copy != NULL);
    if (size > 0)
    {
        memcpy(copy, data, size);
    }
    int status = ajar_scope_load_text("fuzz.ini", (struct ajar_span){copy, size},
                                      (time_t)1796126400, &diags, &scope);
    free(copy); /* the scope owns all that it keeps */
    AJAR_REQUIRE((status == AJAR_OK) == (scope != NULL));
    AJAR_REQUIRE((scope != NULL) == (diags.errors == 0));
    for (size_t i = 0; i < diags.count; i++)
    {
        AJAR_REQUIRE(diags.items[i].what[0] != '\0' && diags.items[i].mend[0] != '\0');
    }
    if (scope != NULL)
    {
        check_scope(scope);
    }
    ajar_diags_deinit(&diags);
    ajar_scope_free(scope);
    return 0;
}
