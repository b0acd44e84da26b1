"""Other people's answers: readers, validators and strippers that are not genlabel's code."""
