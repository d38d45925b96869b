/* A walk through all that the file holds, as h5py, h5dump and ncdump walk: each object opened, each of its attributes
 * read, also those that this program never looks at. The values of variables are not: texts among them are data, whose
 * references HDF5 follows without a look (heap.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"
#include "hdf5_call.h"

enum {
    DEEPEST = 4 /* groups in groups: ours are one deep, damaged links may go round */
};

struct walk {
    struct ms_examination *examination;
    const char *group; /* the path of the group that is looked at, "" for the root */
    int depth;
};

static const char *name_of(const char *path)
{
    return path[0] == '\0' ? "the root" : path;
}

/* Says that HDF5 cannot read something, and why. */
static void report(struct ms_examination *examination, const char *what, const char *place)
{
    struct ms_error reason;

    (void)ms_hdf5_fail(&reason, MS_BAD_INPUT, "%s", what);
    ms_finding_report(examination, name_of(place), -1, reason.text, "readable by HDF5");
}

/* ---- attributes ------------------------------------------------------------------------------------- */

/* Reads all of an attribute, whatever it is. */
static bool is_readable(hid_t attribute, uint64_t file_bytes)
{
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    hssize_t elements = space >= 0 ? H5Sget_simple_extent_npoints(space) : -1;
    size_t element_bytes = type >= 0 ? H5Tget_size(type) : 0;
    void *values = NULL;
    bool is = elements >= 0 && element_bytes > 0 && (uint64_t)elements <= file_bytes / element_bytes;

    if (is && elements > 0) {
        values = calloc((size_t)elements, element_bytes);
        is = values != NULL && H5Aread(attribute, type, values) >= 0;
        if (is)
            (void)H5Dvlen_reclaim(type, space, H5P_DEFAULT, values);
    }
    free(values);
    ms_hdf5_close(space, H5Sclose);
    ms_hdf5_close(type, H5Tclose);
    return is;
}

static herr_t look_at_attribute(hid_t object, const char *name, const H5A_info_t *info, void *context)
{
    const struct walk *walk = context;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);

    (void)info;
    if (attribute < 0 || !is_readable(attribute, walk->examination->file->bytes)) {
        char place[MS_FINDING_TEXT];

        (void)snprintf(place, sizeof place, "attribute %s of %s", name, name_of(walk->group));
        report(walk->examination, "it cannot be read", place);
    }
    ms_hdf5_close(attribute, H5Aclose);
    return 0;
}

/* ---- objects ---------------------------------------------------------------------------------------- */

static bool has_information(hid_t object)
{
    H5O_info_t information;

#if H5_VERSION_GE(1, 12, 0)
    return H5Oget_info(object, &information, H5O_INFO_ALL) >= 0;
#else
    return H5Oget_info(object, &information) >= 0;
#endif
}

/* How it was made: of a group or a dataset. */
static bool has_plan(hid_t object)
{
    hid_t plan = H5Iget_type(object) == H5I_GROUP     ? H5Gget_create_plist(object)
                 : H5Iget_type(object) == H5I_DATASET ? H5Dget_create_plist(object)
                                                      : H5I_INVALID_HID;
    bool has = plan >= 0;

    ms_hdf5_close(plan, H5Pclose);
    return has;
}

static void look_at_group(struct ms_examination *examination, hid_t group, const char *path, int depth);

static void look_at_object(struct ms_examination *examination, hid_t object, const char *path, int depth)
{
    struct walk walk = {.examination = examination, .group = path, .depth = depth};

    if (!has_information(object) || !has_plan(object) ||
        H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, look_at_attribute, &walk) < 0)
        report(examination, "it cannot be read", path);
    else if (H5Iget_type(object) == H5I_GROUP && depth < DEEPEST)
        look_at_group(examination, object, path, depth);
}

/* What is linked from elsewhere is no part of the file. */
static herr_t look_at_link(hid_t group, const char *name, const H5L_info_t *link, void *context)
{
    const struct walk *walk = context;
    hid_t object = H5I_INVALID_HID;
    char path[MS_FINDING_TEXT];

    if (link->type != H5L_TYPE_HARD)
        return 0;
    ms_schema_path(walk->group, name, sizeof path, path);
    object = H5Oopen(group, name, H5P_DEFAULT);
    if (object < 0)
        report(walk->examination, "it cannot be opened", path);
    else
        look_at_object(walk->examination, object, path, walk->depth + 1);
    ms_hdf5_close(object, H5Oclose);
    return 0;
}

static herr_t pass_by(hid_t group, const char *name, const H5L_info_t *link, void *context)
{
    (void)group;
    (void)name;
    (void)link;
    (void)context;
    return 0;
}

/* Readers list by name, or by the order in which things were made: two indices, each with its own way to be damaged. */
static void look_at_group(struct ms_examination *examination, hid_t group, const char *path, int depth)
{
    struct walk walk = {.examination = examination, .group = path, .depth = depth};

    if (H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, look_at_link, &walk) < 0)
        report(examination, "what is in it cannot be listed", path);
    if (H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, NULL, pass_by, &walk) < 0)
        report(examination, "what is in it cannot be listed in its order", path);
}

enum ms_code ms_examine_walk(struct ms_examination *examination, struct ms_error *err)
{
    const struct ms_file *file = examination->file;
    hid_t root = H5Gopen2(file->file, "/", H5P_DEFAULT);

    (void)err;
    if (root < 0)
        report(examination, "it cannot be opened", "the root");
    else
        look_at_object(examination, root, "", 0);
    ms_hdf5_close(root, H5Gclose);
    return MS_OK;
}
