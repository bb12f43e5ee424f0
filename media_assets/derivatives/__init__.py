"""What is made from originals: the pictures that pages show, and the stills of films."""
