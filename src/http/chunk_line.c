/* SPDX-License-Identifier: Apache-2.0 */
#include "chunk_line.h"

#include "head_store.h"

/* The bytes that lead on from a state; whatever else it meets goes to `word` when it may
 * stand in a name, and to `other` when it may not. */
struct chunk_step
{
    char on;
    enum chunk_line then;
    char also_on;
    enum chunk_line also_then;
    enum chunk_line word;
    enum chunk_line other;
};

static const struct chunk_step chunk_steps[] = {
    /* digits and white space are llhttp's, line ends the caller's */
    [CHUNK_LINE_SIZE] = {';', CHUNK_LINE_NAME_FIRST, '\n', CHUNK_LINE_TRAILER,
                         CHUNK_LINE_SIZE, CHUNK_LINE_SIZE},
    [CHUNK_LINE_NAME_FIRST] = {'=', CHUNK_LINE_BROKEN, ';', CHUNK_LINE_BROKEN,
                               CHUNK_LINE_NAME, CHUNK_LINE_BROKEN},
    [CHUNK_LINE_NAME] = {'=', CHUNK_LINE_VALUE_FIRST, ';', CHUNK_LINE_NAME_FIRST,
                         CHUNK_LINE_NAME, CHUNK_LINE_BROKEN},
    [CHUNK_LINE_VALUE_FIRST] = {'"', CHUNK_LINE_QUOTED, ';', CHUNK_LINE_BROKEN,
                                CHUNK_LINE_VALUE, CHUNK_LINE_BROKEN},
    [CHUNK_LINE_VALUE] = {'\r', CHUNK_LINE_SIZE, ';', CHUNK_LINE_BROKEN, CHUNK_LINE_VALUE,
                          CHUNK_LINE_BROKEN},
    [CHUNK_LINE_QUOTED] = {'"', CHUNK_LINE_QUOTED_END, '\\', CHUNK_LINE_BROKEN,
                           CHUNK_LINE_QUOTED, CHUNK_LINE_QUOTED},
    [CHUNK_LINE_QUOTED_END] = {'\r', CHUNK_LINE_SIZE, ';', CHUNK_LINE_NAME_FIRST,
                               CHUNK_LINE_BROKEN, CHUNK_LINE_BROKEN},
    [CHUNK_LINE_TRAILER] = {'\r', CHUNK_LINE_TRAILER, '\n', CHUNK_LINE_TRAILER,
                            CHUNK_LINE_TRAILER, CHUNK_LINE_TRAILER},
    [CHUNK_LINE_DATA_END] = {'\r', CHUNK_LINE_DATA_END, '\n', CHUNK_LINE_SIZE,
                             CHUNK_LINE_BROKEN, CHUNK_LINE_BROKEN},
};

static enum chunk_line next_line(enum chunk_line line, char byte)
{
    const struct chunk_step *step = &chunk_steps[line];
    if (byte == step->on)
    {
        return step->then;
    }
    if (byte == step->also_on)
    {
        return step->also_then;
    }
    if (line == CHUNK_LINE_NAME && byte == '\r')
    {
        return CHUNK_LINE_SIZE; /* the one state with a third way on */
    }
    return head_is_token_byte(byte) ? step->word : step->other;
}

bool chunk_line_feed(enum chunk_line *line, struct ajar_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
    {
        enum chunk_line next = next_line(*line, bytes.data[i]);
        if (next == CHUNK_LINE_BROKEN)
        {
            return false;
        }
        *line = next;
    }
    return true;
}
