/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <criterion/criterion.h>

struct ajar_scope *load_fine(const char *text)
{
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    int status = ajar_scope_load_text("t.ini", ajar_span_of(text), TODAY, &diags, &scope);
    cr_assert_eq(status, AJAR_OK, "status %d: %s", status,
                 diags.count > 0 ? diags.items[0].what : "no remark");
    cr_assert_eq(diags.errors, 0);
    ajar_diags_deinit(&diags);
    return scope;
}

void load_fails(const char *text)
{
    struct ajar_diags diags;
    struct ajar_scope *scope = NULL;
    int status = ajar_scope_load_text("t.ini", ajar_span_of(text), TODAY, &diags, &scope);
    cr_assert_eq(status, AJAR_ESYNTAX, "%s", text);
    cr_assert_null(scope);
    cr_assert_gt(diags.errors, 0);
    ajar_diags_deinit(&diags);
}

struct ajar_addr addr_of(const char *text)
{
    struct ajar_addr addr;
    cr_assert_eq(ajar_addr_parse(ajar_span_of(text), &addr), AJAR_OK, "%s", text);
    return addr;
}

enum ajar_ruling ruling_of(const struct ajar_scope *scope, const char *address)
{
    struct ajar_addr addr = addr_of(address);
    struct ajar_explanation found;
    struct ajar_permit *permit = NULL;
    ajar_scope_explain(scope, &addr, &found);
    /* a permit is made exactly when the explanation says so */
    bool allowed =
        found.ruling == AJAR_RULING_OWNED || found.ruling == AJAR_RULING_LOOPBACK;
    int status = ajar_scope_permit(scope, &addr, 9200, &permit);
    cr_assert_eq(status, allowed ? AJAR_OK : AJAR_EREFUSED, "%s", address);
    if (allowed)
    {
        cr_assert(ajar_permit_is_valid(permit));
        cr_assert_eq(ajar_addr_compare(ajar_permit_addr(permit), &addr), 0);
        cr_assert_eq(ajar_permit_port(permit), 9200);
        cr_assert_eq(ajar_permit_section(permit), found.section);
    }
    ajar_permit_release(permit);
    return found.ruling;
}
