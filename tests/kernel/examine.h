/* Everything that is asked of kernels in one case.
 *
 *     struct examination examination = {.hashes = &hashes};
 *     if (!examine_case(&examination, &one, kernels, count, finding)) puts(finding);
 *
 * The portable kernel is held to the textbook (bounded.h) and its hash to the table's; then every kernel, the portable
 * one among them, has to give its bits: by single calls in every way (single_calls.h), over the trajectory
 * (trained.h), and by two threads (two_threads.h). */
#ifndef MOONSWEEP_TESTS_EXAMINE_H
#define MOONSWEEP_TESTS_EXAMINE_H

#include "bounded.h"
#include "kernel_cases.h"
#include "kernel_hashes.h"

enum { EXAMINE_TEXT = 1024 };

struct examination {
    uint32_t seed;
    const struct kernel_hashes *hashes; /* NULL: hashes are not compared */
    struct bounded bounded;
    int64_t comparisons; /* of a kernel with portable in a case */
    uint64_t hash;       /* of the last case */
};

/* What the portable kernel and the given ones [count], of the case's precision, have to do. The first finding ends it:
 * finding [EXAMINE_TEXT] says in a line which kernel, in which case, what, where. */
bool examine_case(struct examination *examination, const struct kernel_case *one,
                  const struct ms_kernel *const *kernels, int count, char *finding);

#endif
