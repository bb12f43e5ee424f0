"""What a person may want to look at before others read a page. It advises and holds nothing back."""
