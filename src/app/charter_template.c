/* SPDX-License-Identifier: Apache-2.0 */
#include "app/charter_template.h"

bool charter_template(const char *name, struct bytes *out_yaml, struct err *err)
{
    static const struct {
        const char *name;
        const char *yaml;
    } templates[] = {{"ceasefire", charter_ceasefire},
                     {"bargaining", charter_bargaining},
                     {"settlement", charter_settlement}};
    for (size_t i = 0; i < COUNT_OF(templates); i++) {
        if (strcmp(name, templates[i].name) == 0) {
            *out_yaml = bytes_str(templates[i].yaml);
            return true;
        }
    }
    return err_set(err, ERR_USE, "there is no template %s", name) ||
           err_mend(err, "one of: " CHARTER_TEMPLATES);
}
