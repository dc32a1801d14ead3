/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/pages.h"

/* ---- man ---- */

/* Text of a page: dashes and backslashes stay themselves, no line begins a request.  An empty line
 * begins a paragraph. */
static void put_plain(struct buf *out, const char *text)
{
    bool begins = true;
    for (const char *s = text; *s != '\0'; s++) {
        if (begins && (*s == '.' || *s == '\'')) {
            buf_add_str(out, "\\&");
        }
        begins = *s == '\n';
        if (*s == '\n' && s[1] == '\n') {
            buf_add_str(out, "\n.IP");
        } else if (*s == '\\') {
            buf_add_str(out, "\\e");
        } else if (*s == '-') {
            buf_add_str(out, "\\-");
        } else if (*s == '\'') {
            buf_add_str(out, "\\(aq");
        } else {
            buf_add_u8(out, (uint8_t)*s);
        }
    }
}

static void put_line(struct buf *out, const char *before, const char *text, const char *after)
{
    buf_add_str(out, before);
    put_plain(out, text);
    buf_add_str(out, after);
}

static void put_option(struct buf *out, const struct opt *opt)
{
    put_line(out, ".TP\n\\fB\\-\\-", opt->name, "\\fR");
    if (opt->value != NULL) {
        put_line(out, " \\fI", opt->value, "\\fR");
    }
    put_line(out, "\n", opt->help, "\n");
}

static void put_command(struct buf *out, const struct command *c)
{
    const struct opt_spec *spec = &c->spec;
    put_line(out, ".TP\n\\fBentente ", c->name, "\\fR");
    if (spec->words != NULL) {
        put_line(out, " ", spec->words, "");
    }
    put_line(out, "\n", c->help, ".\n");
    if (c->more != NULL) {
        put_line(out, ".IP\n", c->more, "\n");
    }
    put_line(out, ".IP\nAs: \\fB", c->example, "\\fR\n.RS\n");
    for (size_t i = 0; i < spec->option_count; i++) {
        put_option(out, &spec->options[i]);
    }
    buf_add_str(out, ".RE\n");
}

void pages_man(struct command_table table, struct buf *out)
{
    static const enum command_group groups[] = {
#define COMMAND_GROUP_NAME(name, title) name,
        COMMAND_GROUPS(COMMAND_GROUP_NAME)
#undef COMMAND_GROUP_NAME
    };
    buf_add_str(out, ".TH ENTENTE 1 \"\" \"entente " ENTENTE_VERSION "\" \"User commands\"\n"
                     ".SH NAME\nentente \\- ");
    put_plain(out, COMMAND_PURPOSE);
    buf_add_str(out, "\n.SH SYNOPSIS\n\\fBentente\\fR \\fICOMMAND\\fR [\\fIwords\\fR] "
                     "[\\fIoptions\\fR]\n.SH DESCRIPTION\n"
                     "Every command takes \\fB\\-\\-help\\fR, which tells what it does, and "
                     "\\fB\\-\\-json\\fR, which gives the answer as one JSON object.\n"
                     ".SH COMMANDS\n");
    for (size_t g = 0; g < COUNT_OF(groups); g++) {
        put_line(out, ".SS ", command_group_title(groups[g]), "\n");
        for (size_t i = 0; i < table.count; i++) {
            if (table.all[i]->group == groups[g]) {
                put_command(out, table.all[i]);
            }
        }
    }
    put_line(out, ".SH EXIT STATUS\n", COMMAND_EXIT_STATUS, "\n");
    put_line(out, ".SH ENVIRONMENT\n", COMMAND_ENVIRONMENT, "\n");
}

/* ---- bash ---- */

/* The first word of the i-th name; false where an earlier command has the same. */
static bool first_word(struct command_table table, size_t i, struct bytes *out)
{
    const char *name = table.all[i]->name;
    *out = bytes_of(name, strcspn(name, " "));
    for (size_t k = 0; k < i; k++) {
        const char *other = table.all[k]->name;
        if (bytes_eq(bytes_of(other, strcspn(other, " ")), *out)) {
            return false;
        }
    }
    return true;
}

static void put_first_words(struct command_table table, struct buf *out)
{
    struct bytes word;
    for (size_t i = 0; i < table.count; i++) {
        if (first_word(table, i, &word)) {
            buf_add_str(out, i > 0 ? " " : "");
            buf_add(out, word);
        }
    }
}

static void put_second_words(struct command_table table, struct buf *out)
{
    struct bytes word;
    for (size_t i = 0; i < table.count; i++) {
        if (!first_word(table, i, &word)) {
            continue;
        }
        bool any = false;
        for (size_t k = i; k < table.count; k++) {
            const char *name = table.all[k]->name;
            size_t n = strcspn(name, " ");
            if (name[n] == ' ' && bytes_eq(bytes_of(name, n), word)) {
                if (!any) {
                    buf_add_str(out, "        ");
                    buf_add(out, word);
                    buf_add_str(out, ") echo '");
                }
                buf_printf(out, "%s%s", any ? " " : "", name + n + 1);
                any = true;
            }
        }
        buf_add_str(out, any ? "' ;;\n" : "");
    }
}

/* values: those that want one; else all. */
static void put_options(const struct opt_spec *spec, bool values, struct buf *out)
{
    const char *before = "";
    for (size_t i = 0; i < spec->option_count; i++) {
        if (!values || spec->options[i].kind != OPT_FLAG) {
            buf_printf(out, "%s--%s", before, spec->options[i].name);
            before = " ";
        }
    }
    buf_printf(out, "%s%s", values ? "" : before, values ? "" : "--json --help");
}

static void put_cases(struct command_table table, bool values, struct buf *out)
{
    for (size_t i = 0; i < table.count; i++) {
        buf_printf(out, "        '%s') echo '", table.all[i]->name);
        put_options(&table.all[i]->spec, values, out);
        buf_add_str(out, "' ;;\n");
    }
}

void pages_bash(struct command_table table, struct buf *out)
{
    buf_add_str(out, "# Bash completes the commands and options of entente with it.\n"
                     "_entente_seconds()\n{\n    case \"$1\" in\n");
    put_second_words(table, out);
    buf_add_str(out, "    esac\n}\n_entente_options()\n{\n    case \"$1\" in\n");
    put_cases(table, false, out);
    buf_add_str(out, "    esac\n}\n_entente_values()\n{\n    case \"$1\" in\n");
    put_cases(table, true, out);
    buf_add_str(out,
                "    esac\n}\n"
                "_entente()\n{\n"
                "    local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} at=1\n"
                "    COMPREPLY=()\n"
                "    [ \"${COMP_WORDS[1]}\" = help ] && [ \"$COMP_CWORD\" -gt 1 ] && at=2\n"
                "    local first=${COMP_WORDS[at]} second=${COMP_WORDS[at+1]}\n"
                "    if [ \"$COMP_CWORD\" -eq \"$at\" ] && [ \"${cur#-}\" = \"$cur\" ]; then\n"
                "        COMPREPLY=($(compgen -W '");
    put_first_words(table, out);
    buf_add_str(out,
                "' -- \"$cur\"))\n"
                "        return\n"
                "    fi\n"
                "    if [ \"$COMP_CWORD\" -eq $((at + 1)) ] && [ \"${cur#-}\" = \"$cur\" ]; then\n"
                "        COMPREPLY=($(compgen -W \"$(_entente_seconds \"$first\")\" -- \"$cur\"))\n"
                "        return\n"
                "    fi\n"
                "    [ \"$at\" -eq 2 ] && first=help second=\n"
                "    local name=$first\n"
                "    [ -n \"$(_entente_options \"$first $second\")\" ] && name=\"$first $second\"\n"
                "    case \" $(_entente_values \"$name\") \" in\n"
                "        *\" $before \"*) return ;; # a value: files\n"
                "    esac\n"
                "    if [ \"${cur#-}\" != \"$cur\" ]; then\n"
                "        COMPREPLY=($(compgen -W \"$(_entente_options \"$name\")\" -- \"$cur\"))\n"
                "    fi\n"
                "}\n"
                "complete -o default -F _entente entente\n");
}
