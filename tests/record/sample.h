/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AJAR_TESTS_RECORD_SAMPLE_H
#define AJAR_TESTS_RECORD_SAMPLE_H

#include "ajar/record.h"

/* December 2019: five servers, one data set. Times in Unix milliseconds. */
#define SAMPLE_CLOSED INT64_C(1575464407000) /* 4 Dec 13:00:07 */
#define SAMPLE_OPEN INT64_C(1575550807000)   /* 5 Dec 13:00:07 */
#define SAMPLE_LAST INT64_C(1577537999000)   /* 28 Dec 12:59:59 */
#define SAMPLE_SHUT INT64_C(1577778307000)   /* 31 Dec 07:45:07 */

struct sample
{
    struct ajar_endpoint_view endpoints[AJAR_MAX_VIEW_ENDPOINTS];
    struct ajar_proof_view proofs[3];
    const char *reasons[2];
    struct ajar_change_view changes[AJAR_MAX_CHANGES];
};

struct ajar_finding_view sample_finding(struct sample *sample);
/* Of the least: a banner at one address, nothing else known. */
struct ajar_finding_view sample_bare(struct sample *sample);
/* Every text chosen by somebody who means harm, every list full. */
struct ajar_finding_view sample_hostile(struct sample *sample);
struct ajar_event_view sample_event(struct sample *sample, enum ajar_event_kind kind);

#endif
