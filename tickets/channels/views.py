"""The page behind "was this message yours?": opening it shows nothing of the mail and changes nothing; a post decides."""
