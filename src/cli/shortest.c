#include "shortest.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *shortest_text(double x, char text[SHORTEST_SIZE])
{
    if (isnan(x))
        return strcpy(text, "nan"); /* printf would show a sign that means nothing */
    for (int digits = DBL_DIG; digits <= DBL_DECIMAL_DIG; digits++) {
        (void)snprintf(text, SHORTEST_SIZE, "%.*g", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    return text;
}
