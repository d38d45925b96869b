#include "tuple.h"

bool ms_tuple_has(enum ms_variable variable)
{
    return ms_schema[variable].initial == MS_INITIAL_GIVEN;
}

void ms_tuple_fill(enum ms_variable variable, int64_t count, const struct ms_config *configs, void *values)
{
    int32_t *i32 = values;
    int64_t *i64 = values;
    double *f64 = values;
    const char **text = values;

    for (int64_t i = 0; i < count; i++) {
        switch ((int)variable) {
        case MS_VAR_N_H:
            i32[i] = configs[i].n_h;
            break;
        case MS_VAR_ACTIVATION:
            text[i] = ms_activation_name(configs[i].activation);
            break;
        case MS_VAR_LEARNING_RATE:
            f64[i] = configs[i].learning_rate;
            break;
        case MS_VAR_ITERATIONS:
            i64[i] = configs[i].iterations;
            break;
        case MS_VAR_SEED:
            i64[i] = configs[i].seed;
            break;
        case MS_VAR_INIT_SCALE:
            f64[i] = configs[i].init_scale;
            break;
        case MS_VAR_CONFIG_TRAJECTORY:
            i32[i] = (int32_t)configs[i].trajectory;
            break;
        case MS_VAR_CONFIG_DATASET:
            i32[i] = configs[i].dataset;
            break;
        }
    }
}
