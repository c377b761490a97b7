/* SPDX-License-Identifier: Apache-2.0 */
#include "ajar/probe.h"

static const struct ajar_probe *const probes[] = {&ajar_probe_elasticsearch};

const struct ajar_probe *const *ajar_probes(size_t *out_count)
{
    *out_count = AJAR_COUNT_OF(probes);
    return probes;
}
