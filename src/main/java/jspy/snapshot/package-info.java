/**
 * A process in one file: the memory that a reading of its stacks touched, with what else is needed
 * to read them again where neither the process nor its Python is.
 */
package jspy.snapshot;
