# The command line as data, apart from the program, so that it can be tested alone.
ajar_room(options SOURCES options.c options_help.c options_near.c options_rows.c ROOMS base)
