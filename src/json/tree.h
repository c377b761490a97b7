/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_JSON_TREE_H
#define AJAR_JSON_TREE_H

#include "ajar/buf.h"

struct cJSON;

/*
 * The document as cJSON's tree, in one block of memory: the nodes, and behind them a copy
 * of the text that their strings point into. Only for text that a scan has passed as
 * complete and without a NUL; values is what that scan counted. NULL when memory is out,
 * or for what the scan does not judge: a lone surrogate, a number that cJSON cannot hold.
 * The root is the block: free() gives it back, cJSON_Delete must not see it.
 */
struct cJSON *tree_build(struct ajar_span text, size_t values);

#endif
