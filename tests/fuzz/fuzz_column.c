/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts and events as the state file holds them: the first byte chooses which. Damaged
 * bytes are false and no crash; what was read can be written, and reads the same again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARENA_BYTES (8u * 1024u * 1024u)

/* Of what may be read only: a text is a text, an enumeration has a word. */
static void check_finding(const struct ajar_finding_view *finding)
{
    for (size_t i = 0; i < finding->largest_count; i++)
    {
        AJAR_REQUIRE(finding->largest[i].name != NULL);
    }
    for (size_t i = 0; i < finding->proof_count; i++)
    {
        AJAR_REQUIRE(finding->proofs[i].path != NULL);
        AJAR_REQUIRE(finding->proofs[i].read < AJAR_READ_COUNT_OF);
    }
    for (size_t i = 0; i < finding->reason_count; i++)
    {
        AJAR_REQUIRE(finding->reasons[i] != NULL);
    }
    for (size_t i = 0; i < finding->name_count; i++)
    {
        AJAR_REQUIRE(finding->names[i] != NULL);
    }
    for (size_t i = 0; i < finding->endpoint_count; i++)
    {
        AJAR_REQUIRE(finding->endpoints[i].exposure < AJAR_EXPOSURE_COUNT);
    }
}

/* Reads, checks and writes anew; false when the bytes are damaged. */
static bool again(struct ajar_span bytes, bool event, bool details, struct ajar_buf *out)
{
    struct ajar_arena arena;
    struct ajar_event_view view;
    memset(&view, 0, sizeof(view));
    ajar_arena_init(&arena, ARENA_BYTES);
    bool fine = event ? codec_get_event(bytes, &arena, &view)
                      : codec_get_facts(bytes, &arena, details, &view.finding);
    if (fine)
    {
        check_finding(&view.finding);
        int status = event ? codec_put_event(out, view.run, &view.finding, view.changes,
                                             view.change_count)
                           : codec_put_facts(out, &view.finding, true);
        AJAR_REQUIRE(status == AJAR_OK);
    }
    ajar_arena_deinit(&arena);
    return fine;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > CODEC_MAX_BYTES / 4)
    {
        return 0;
    }
    bool event = (data[0] & 1) != 0;
    bool details = (data[0] & 2) != 0;
    struct ajar_buf first;
    struct ajar_buf second;
    ajar_buf_init(&first, CODEC_MAX_BYTES * 2);
    ajar_buf_init(&second, CODEC_MAX_BYTES * 2);
    char *copy = malloc(size); /* exactly as large, for AddressSanitizer */
    AJAR_REQUIRE(copy != NULL);
    memcpy(copy, data + 1, size - 1);
    bool fine = again((struct ajar_span){copy, size - 1}, event, details, &first);
    free(copy);
    if (fine)
    {
        AJAR_REQUIRE(again(ajar_buf_span(&first), event, true, &second));
        AJAR_REQUIRE(first.len == second.len &&
                     memcmp(first.data, second.data, first.len) == 0);
    }
    ajar_buf_deinit(&first);
    ajar_buf_deinit(&second);
    return 0;
}
