"""Everything with digits in it → spoken words; numerals.py has the order of its passes."""
