"""The command line: `jamsos demo | count | replay | show | export | import | schema`."""
