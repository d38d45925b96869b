/* Any bytes are samples of two features or refused with one sentence; what is read comes back, to the bit, from a file
 * that says the same plainly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "moonsweep/csv.h"

enum { FEATURES = 2 };

static const char path[] = "samples.csv";

/* The samples as the plainest CSV there is; the caller frees it. */
static char *write_plainly(const struct ms_data *data, bool labelled, size_t *count)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, count);

    fuzz_require(out != NULL, "there is memory");
    (void)fprintf(out, "x1,x2%s\n", labelled ? ",label" : "");
    for (int64_t row = 0; row < data->rows; row++) {
        const double *x = data->X + row * FEATURES;

        (void)fprintf(out, "%.17g,%.17g", x[0], x[1]);
        if (labelled)
            (void)fprintf(out, ",%d", data->y[row]);
        (void)fputc('\n', out);
    }
    fuzz_require(fclose(out) == 0, "there is memory");
    return text;
}

static void require_same(const struct ms_data *data, bool labelled)
{
    size_t count = 0, rows = (size_t)data->rows;
    char *text = write_plainly(data, labelled, &count);
    struct ms_data again;
    struct ms_error err;
    bool labelled_again;

    fuzz_require(ms_csv_parse(path, text, count, FEATURES, &again, &labelled_again, &err) == MS_OK,
                 "samples can be written plainly");
    fuzz_require(again.rows == data->rows && again.n_x == FEATURES && labelled_again == labelled,
                 "as many samples come back");
    fuzz_require(memcmp(again.X, data->X, rows * FEATURES * sizeof *data->X) == 0 &&
                     memcmp(again.y, data->y, rows * sizeof *data->y) == 0,
                 "the same samples come back");
    ms_data_free(&again);
    free(text);
}

enum ms_code fuzz_one(const unsigned char *bytes, size_t count, struct ms_error *err)
{
    struct ms_data data = {.rows = 42};
    bool labelled;
    enum ms_code code = ms_csv_parse(path, (const char *)bytes, count, FEATURES, &data, &labelled, err);

    if (code != MS_OK) {
        fuzz_require_sentence(code, path, err);
        fuzz_require(data.rows == 42, "outputs are set on success only");
        return code;
    }
    fuzz_require(data.rows > 0 && data.n_x == FEATURES, "there are samples");
    require_same(&data, labelled);
    ms_data_free(&data);
    return MS_OK;
}
