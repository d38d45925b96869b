/* Calls a fuzz target from libFuzzer. */
#include <stdint.h>

#include "fuzz.h"

/* libFuzzer prescribes the name. */
__attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct ms_error err;

    (void)fuzz_one(bytes, count, &err);
    return 0;
}
