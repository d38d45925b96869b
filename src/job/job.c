#include "moonsweep/job.h"
